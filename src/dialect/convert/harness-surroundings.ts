import { isShell } from './shell-words.ts';

import type { Fact, TaskNode, Variable } from '../../plan/plan.ts';
import type { CixWriter } from './cix-writer.ts';
import type { Part } from './losses.ts';

/** What CIX calls the same. */
const twins: Readonly<Partial<Record<Fact['kind'], string>>> = {
  run: 'CIX_EXECUTION_ID',
  workspace: 'CIX_WORKSPACE',
};

/** The variables that a script names, of those that Harness puts around it. */
export function harnessSurroundings(
  { name: own, command }: TaskNode,
  part: Part,
  { stage, losses }: CixWriter,
): { readonly variables: readonly Variable[]; readonly lines: readonly string[] } {
  const { run } = command;
  const variables: Variable[] = [];
  const lines: string[] = [];
  const text = JSON.stringify(run);
  for (const { name, is } of stage.around?.environment ?? []) {
    if (!new RegExp(`[$"'{]${name}\\b`).test(text)) continue;
    if (command.environment.some((one) => one.name === name)) continue;
    const twin = twins[is.kind];
    if (is.kind === 'text') variables.push({ name, value: [is.text] });
    else if (is.kind === 'task') variables.push({ name, value: [own] });
    else if (twin !== undefined && run.kind === 'script' && isShell(run.shell))
      lines.push(`${name}=$${twin}`);
    else losses.tell(part, ['spec.command'], `there is no \`${name}\` in CIX`);
  }
  return { variables, lines };
}
