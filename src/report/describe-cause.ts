import { unreachable } from '../base/unreachable.ts';
import { isTask, nodesOfPlan } from '../plan/order.ts';
import { describeServiceEnd, describeStepEnd, listed, nameOf, roundly } from './describe.ts';
import { formatMemory } from './size.ts';

import type { Cause, GroupEnd, ServiceEnd, StepEnd } from '../event/outcome.ts';
import type { RunView, ServiceView } from '../event/view.ts';
import type { Explanation } from './describe.ts';

/** What broke first, and with a service, what ran then. `undefined` when nothing is known to have. */
export const describeCause = (view: RunView): Explanation | undefined =>
  view.cause && describeOne(view.cause, view);

/** What broke first in a run, or what it is paused at: it has not ended with that yet. */
export const explainFailure = (view: RunView): Explanation | undefined =>
  describeCause(atFailure(view));

/** A run that is paused at a failure, as it will end with that. */
export const atFailure = (view: RunView): RunView =>
  !view.cause && view.paused?.why.kind === 'failure'
    ? { ...view, cause: view.paused.why.cause }
    : view;

function describeOne(cause: Cause, view: RunView): Explanation {
  switch (cause.kind) {
    case 'step':
      return hinted(describeStepEnd(nameOf(view, cause.step), cause.end), cause, view);
    case 'group':
      return describeGroupEnd(nameOf(view, cause.group), cause.end, view);
    case 'stage':
      return { sentence: `stage '${stageName(view, cause.stage)}' ${groupFate(cause.end, view)}` };
    case 'run':
      return { sentence: `the run ${groupFate(cause.end, view)}` };
    case 'service': {
      const told = describeServiceEnd(nameOf(view, cause.service), cause.end);
      const steps = stepsDuringEnd(view, cause.service).map((id) => `'${nameOf(view, id)}'`);
      if (steps.length === 0) return hinted(told, cause, view);
      const ran = `while ${steps.length === 1 ? 'step' : 'steps'} ${listed(steps)} ran`;
      return hinted({ ...told, sentence: `${told.sentence}, ${ran}` }, cause, view);
    }
    case 'environment':
      return describeEnvironment(cause, view);
    default:
      return unreachable(cause);
  }
}

const stageName = ({ plan }: RunView, stage: string): string =>
  plan.stages.find(({ id }) => id === stage)?.name ?? stage;

/** How a group came to its end, when it did not simply succeed. */
function describeGroupEnd(name: string, end: GroupEnd, view: RunView): Explanation {
  return { sentence: `group '${name}' ${groupFate(end, view)}` };
}

/** What is said of the group, where its name is known already. */
export function groupFate(end: GroupEnd, view: RunView): string {
  switch (end.kind) {
    case 'failed':
      return `failed: ${describeOne(end.cause, view).sentence}`;
    case 'timed-out':
      return `was stopped at its timeout of ${roundly(end.afterMs)}`;
    case 'refused':
      return `could not start: ${end.detail}`;
    case 'cancelled':
      return 'was cancelled';
    default:
      return unreachable(end);
  }
}

/** The step, service or group that broke first, or that could not start. */
export function causeTask({ cause }: RunView): string | undefined {
  switch (cause?.kind) {
    case 'step':
      return cause.step;
    case 'group':
      return cause.group;
    case 'service':
      return cause.service;
    case 'environment':
      return cause.task;
    case 'stage':
    case 'run':
    case undefined:
      return undefined;
    default:
      return unreachable(cause);
  }
}

/** The ids of the steps that ran when a service ended. */
export function stepsDuringEnd(view: RunView, service: string): readonly string[] {
  const ended = view.nodes.get(service);
  if (ended?.kind !== 'service' || ended.endedAt === undefined) return [];
  const at = failedAt(ended);
  return [...view.nodes.values()]
    .filter((node) => node.kind === 'step' && node.startedAt !== undefined)
    .filter(({ startedAt, endedAt = Infinity }) => startedAt! <= at && at <= endedAt)
    .map(({ id }) => id);
}

const failedAt = ({ stoppingAt, endedAt = 0 }: ServiceView): number =>
  Math.min(stoppingAt ?? endedAt, endedAt);

/** How the task ended says it best, once that is told. */
function describeEnvironment(
  { detail, task = '' }: Extract<Cause, { kind: 'environment' }>,
  view: RunView,
): Explanation {
  const node = view.nodes.get(task);
  if (node?.kind === 'step' && node.end?.kind === 'launch') {
    return describeStepEnd(node.name, node.end);
  }
  if (
    node?.kind === 'service' &&
    (node.end?.kind === 'image' || node.end?.kind === 'start-error')
  ) {
    return describeServiceEnd(node.name, node.end);
  }
  return { sentence: node ? `${node.kind} '${node.name}' could not start: ${detail}` : detail };
}

/** With what can be done about it, where the plan tells. */
function hinted(
  told: Explanation,
  { end, ...of }: { end: StepEnd | ServiceEnd; step?: string; service?: string },
  { plan }: RunView,
): Explanation {
  const node = nodesOfPlan(plan).find(({ id }) => id === (of.step ?? of.service));
  if ('failure' in end && end.failure.kind === 'volumeMissing' && node) {
    const { file, line } = node.where;
    return { ...told, hint: `${file}:${line}: ${told.hint ?? ''}` };
  }
  const ranOut = end.kind === 'out-of-memory' || ('exit' in end && end.exit.kind === 'outOfMemory');
  const wasKilled = 'exit' in end && end.exit.kind === 'code' && end.exit.code === killedInShell;
  if ((!ranOut && !wasKilled) || !node || !isTask(node)) return told;
  const limit = node.command.container?.memoryBytes;
  if (limit === undefined) return told;
  const limited = `limited to ${formatMemory(limit)}`;
  const hint = ranOut
    ? `its \`memory\` is ${limited}`
    : `something was killed, and nobody says by whom: it may be out of memory, which is ${limited}`;
  return { ...told, hint };
}

/** How a shell, and an engine, tell that something was killed. */
const killedInShell = 137;
