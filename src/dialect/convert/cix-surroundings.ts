import { isShell } from './shell-words.ts';

import type { TaskNode } from '../../plan/plan.ts';
import type { Losses, Part } from './losses.ts';

/** What a task needs to find what CIX has around it. */
export interface CixSurroundings {
  readonly environment: Readonly<Record<string, string>>;
  /** Lines before its script. */
  readonly lines: readonly string[];
}

const names = [
  ...['CIX_CONTAINER_NAME', 'CIX_STEP_NAME', 'CIX_WORKDIR', 'CIX_WORKSPACE', 'CIX_TEMP'],
  ...['CIX_EXECUTION_ID', 'CIX_HOSTNAME', 'CIX_SERVER_PORT', 'CIX_NETWORK_NAME'],
];

/** What tells the same in Harness. */
const twins: Readonly<Record<string, string>> = {
  CIX_WORKSPACE: '$HARNESS_WORKSPACE',
  CIX_WORKDIR: '$PWD',
  CIX_EXECUTION_ID: '$HARNESS_EXECUTION_ID',
  CIX_HOSTNAME: '$(hostname)',
};

/** The folder that tasks of CIX share. */
export const tmp = '/cix/tmp';

/** What a task relies on of what only CIX has, in words of Harness; the rest is told. */
export function cixSurroundings(node: TaskNode, part: Part, losses: Losses): CixSurroundings {
  const { run, image, environment: own } = node.command;
  const text = JSON.stringify([run, own]);
  const environment: Record<string, string> = {};
  const lines: string[] = [];
  const keys = ['commands', 'arguments'];
  for (const name of names.filter((one) => new RegExp(`\\b${one}\\b`).test(text))) {
    const twin = twins[name];
    if (name === 'CIX_STEP_NAME' && !node.repeat) environment[name] = node.name;
    else if (name === 'CIX_SERVER_PORT') environment[name] = '10030';
    else if (name === 'CIX_TEMP' && image) environment[name] = tmp;
    else if (twin !== undefined && run.kind === 'script' && isShell(run.shell))
      lines.push(`${name}=${twin}`);
    else losses.tell(part, keys, `there is no \`${name}\` in Harness`);
  }
  for (const [path] of text.matchAll(/\/cix\/(?:src|bin)\b/g))
    losses.tell(
      part,
      keys,
      `there is no \`${path}\` in Harness`,
      path === '/cix/src' ? 'the workspace is `/harness` there' : undefined,
    );
  return { environment, lines };
}

/** Whether a task hands files over in the folder that all of them share. */
export const usesTmp = ({ command: { run, environment, image } }: TaskNode): boolean =>
  /\/cix\/tmp\b|\bCIX_TEMP\b/.test(JSON.stringify([run, environment])) && image !== undefined;
