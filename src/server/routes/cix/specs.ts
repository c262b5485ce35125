import { z } from 'zod';

import { fail, ok } from '../../../base/result.ts';
import { variableName } from '../../../base/variable-name.ts';
import { below } from '../../below.ts';
import { pipelineFile } from '../../named-files.ts';
import { aliasOrLatest } from '../../schemas.ts';

import type { Result } from '../../../base/result.ts';
import type { CixTable } from '../../cix/cix-table.ts';
import type { Problem } from '../../problem.ts';

const name = z.string().regex(variableName).max(200);
const path = z
  .string()
  .min(1)
  .max(4_096)
  .refine((text) => !text.includes('\0'));

/** A variable as CIX gives it. */
export const variable = z.object({
  name,
  value: z.string().max(32_768),
  type: z.enum(['environment', 'secret', 'internal']).default('environment'),
});

/** A pipeline as CIX asks for it. What it says besides is passed by, as CIX does. */
export const pipelineSpec = z.object({
  yamlPath: path.optional().describe('the path of a file in the workspace, or its address'),
  rawPipeline: z.looseObject({}).optional().describe('a pipeline, instead of a file'),
  environment: z.array(variable).max(1_000).optional(),
  pipelineAlias: aliasOrLatest.optional(),
  type: z.enum(['standard', 'teardown']).optional(),
  workspace: path.optional(),
  plugins: z
    .array(z.object({ id: path }))
    .max(100)
    .optional(),
  defaultPullPolicy: z.enum(['Default', 'Always', 'IfNotPresent', 'Never']).optional(),
  ticket: z.string().min(1).max(200).optional().describe('not of CIX: see `POST /api/v1/runs`'),
});

export type PipelineSpec = z.output<typeof pipelineSpec>;

/** What is to be read, and with what. */
export interface Given {
  readonly workspace: string;
  readonly file?: string;
  readonly text?: string;
  readonly variables: Record<string, string>;
  readonly secrets: Record<string, string>;
}

/**
 * A specification in our words, its paths looked up below the workspace of the server. A file that is read `inTime`
 * need not be there yet.
 */
export async function toGiven(
  { yamlPath, rawPipeline, environment = [], workspace: wanted = '.' }: PipelineSpec,
  folder: string,
  { inTime = false } = {},
): Promise<Result<Given, Problem>> {
  if ((yamlPath === undefined) === (rawPipeline === undefined)) return fail(oneOfTwo);
  const workspace = await below(folder, wanted, 'folder');
  if (!workspace.ok) return workspace;
  const file = yamlPath === undefined ? undefined : await pipelineFile(folder, yamlPath, inTime);
  if (file?.ok === false) return file;
  const only = (isSecret: boolean): Record<string, string> =>
    Object.fromEntries(
      environment
        .filter(
          ({ type, value }) => (type === 'secret') === isSecret && !(isSecret && value === ''),
        )
        .map((each) => [each.name, each.value]),
    );
  return ok({
    workspace: workspace.value,
    readsBelow: folder,
    ...(file && { file: file.value }),
    ...(rawPipeline && { text: JSON.stringify(rawPipeline, undefined, 2) }),
    variables: only(false),
    secrets: only(true),
  });
}

const oneOfTwo: Problem = {
  status: 400,
  kind: 'bad-request',
  title: 'Either yamlPath or rawPipeline is needed, and not both',
};

/** The files of plugins that were added. */
export function pathsOf(
  plugins: readonly { readonly id: string }[],
  table: CixTable,
): Result<string[], Problem> {
  const paths: string[] = [];
  for (const { id } of plugins) {
    const path = table.pluginPath(id);
    if (path === undefined) return fail(noPlugin(id));
    paths.push(path);
  }
  return ok(paths);
}

const noPlugin = (id: string): Problem => ({
  status: 400,
  kind: 'no-plugin',
  title: 'There is no such plugin',
  detail: `Nothing is known of the plugin '${id}'. POST /api/plugin adds one.`,
});
