import { z } from 'zod';

import { below } from '../../below.ts';
import { check } from '../../check.ts';
import { describeNotBegun } from '../../not-begun.ts';
import { answer } from '../parts.ts';
import { refusals, sendRefusal } from './parts.ts';

import type { CixTable } from '../../cix/cix-table.ts';
import type { RunnerCommand } from '../../launch-runner.ts';
import type { Routes } from '../parts.ts';

export interface PluginParts {
  readonly cixTable: CixTable;
  readonly runner: RunnerCommand;
  /** The folder that everything named by clients lies in. */
  readonly workspace: string;
}

/** Takes plugins, which pipelines are then added with. */
export function pluginRoutes(scope: Routes, { cixTable, runner, workspace }: PluginParts): void {
  scope.post(
    '/plugin',
    {
      schema: {
        operationId: 'addPlugin',
        summary: 'Takes the file of a plugin, and answers an id for it',
        tags: ['Plugin'],
        body: z.object({ pluginPath: z.string().min(1).max(4_096) }),
        response: { 200: z.object({ id: z.string() }), ...refusals },
      },
    },
    async ({ body: { pluginPath } }, reply) => {
      const file = await below(workspace, pluginPath, 'file');
      if (!file.ok) return sendRefusal(reply, file.failure);
      const order = {
        workspace,
        readsBelow: workspace,
        file: file.value,
        variables: {},
        secrets: {},
      };
      const checked = await check({ what: 'plugin', ...order }, runner);
      if (!checked.ok) return sendRefusal(reply, describeNotBegun(checked.failure, 'plugin'));
      return answer(reply, { id: cixTable.addPlugin(file.value) });
    },
  );

  scope.get(
    '/plugin',
    {
      schema: {
        operationId: 'getPluginList',
        summary: 'The ids of the plugins that were added',
        tags: ['Plugin'],
        response: { 200: z.array(z.string()), ...refusals },
      },
    },
    () => [...cixTable.plugins()],
  );
}
