import { cixDuration } from './durations.ts';
import { onExitWords, serviceWords } from './service-words.ts';
import { toCixCommand } from './to-cix-command.ts';

import type { RunStep, Service, WaitStep } from '../../plan/plan.ts';
import type { CixWriter } from './cix-writer.ts';
import type { Part } from './losses.ts';
import type { Written } from './write-yaml.ts';

type Words = { readonly [key: string]: Written };

/** What a step of CIX says that runs a command. */
export function toCixRun(node: RunStep, part: Part, writer: CixWriter): Words {
  const { losses } = writer;
  if (node.outputs)
    losses.tell(
      part,
      ['spec.outputVariables'],
      `what it hands over is left out: \`${node.outputs.map(({ name }) => name).join('`, `')}\``,
      'steps of CIX hand over files, in the workspace or in `$CIX_TEMP`',
    );
  return {
    ...toCixCommand(node, part, writer),
    ...needsOf(node, writer),
    ...reportsLost(node, part, writer),
    ...(typeof node.timeoutMs === 'number' && { timeout: cixDuration(node.timeoutMs) }),
  };
}

/** A step of CIX that waits. */
export const toCixWait = ({ durationMs, timeoutMs }: WaitStep): Words => ({
  'commands-output': 'minimal',
  commands: [`sleep ${durationMs / 1_000}`],
  ...(typeof timeoutMs === 'number' && { timeout: cixDuration(timeoutMs) }),
});

/** What a service of CIX says. `depth` counts the groups around it in its stage. */
export function toCixService(
  node: Service,
  when: Words,
  {
    part,
    writer,
    depth,
  }: { readonly part: Part; readonly writer: CixWriter; readonly depth: number },
): Words {
  const endsWithStage = writer.isStageGrouped && node.scope === 'stage';
  if (endsWithStage && depth > 0)
    writer.losses.tell(
      part,
      ['identifier'],
      'it runs on until all stages are done, as it stands in a group of its stage',
    );
  const scoped: Service = endsWithStage && depth === 0 ? { ...node, scope: 'group' } : node;
  const onExit = onExitWords(node.onExit);
  return {
    background: true,
    ...toCixCommand(node, part, writer),
    ...serviceWords(scoped),
    ...(onExit !== 'fail' && { 'on-exit': onExit }),
    ...needsOf(node, writer),
    ...reportsLost(node, part, writer),
    ...when,
  };
}

const needsOf = ({ needs }: RunStep | Service, { names }: CixWriter): Words =>
  needs.length > 0 ? { needs: needs.map((id) => names.get(id) ?? id) } : {};

function reportsLost({ reports }: RunStep | Service, part: Part, { losses }: CixWriter): Words {
  if (reports) losses.tell(part, ['spec.reports'], 'its reports of tests are not read');
  return {};
}
