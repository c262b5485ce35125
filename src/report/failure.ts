import { endedTask, startedTask } from '../event/tasks.ts';
import { nodesOf, nodesOfPlan } from '../plan/order.ts';
import { causeTask, stepsDuringEnd } from './describe-cause.ts';
import { Tail } from './tail.ts';

import type { JournalRecord } from '../event/event.ts';
import type { RunView } from '../event/view.ts';
import type { Group } from '../plan/plan.ts';

/** The end of what one task said. */
export interface Excerpt {
  readonly task: string;
  readonly lines: readonly string[];
  /** There is more of it in the journal. */
  readonly cut: boolean;
}

/** What there is to read about a failure, each no longer than a few lines. */
export interface Failure {
  /** Of the steps that failed, or that the cause interrupted. */
  readonly steps: readonly Excerpt[];
  /** Of every service, as far as it was said meanwhile; one that is the cause comes first. */
  readonly services: readonly Excerpt[];
}

const maxLines = 15;

/**
 * Reads what belongs to the failure of a run out of its records: the last lines of the steps it
 * stopped, and what every service said while they ran, or while the service lived that broke.
 */
export async function gatherFailure(
  records: AsyncIterable<JournalRecord>,
  view: RunView,
  { color }: { readonly color: boolean },
): Promise<Failure> {
  const service = brokenService(view);
  const steps = brokenSteps(view);
  const open = new Set<string>();
  const tails = new Map<string, Tail>();
  const window = service === undefined ? steps : [service];
  for await (const record of records) {
    if (record.type === 'output') {
      const told = view.nodes.get(record.task);
      const always = steps.includes(record.task) || record.task === service;
      if (!always && (told?.kind !== 'service' || open.size === 0)) continue;
      const tail = tails.get(record.task) ?? new Tail(maxLines, color);
      tails.set(record.task, tail);
      tail.take(record.stream, record.bytes);
      continue;
    }
    const started = startedTask(record);
    const ended = endedTask(record);
    if (started !== undefined && window.includes(started)) {
      if (open.size === 0) tails.clear();
      open.add(started);
    }
    // Only the last attempt of a step, and the last start of a service, is told of.
    if (started !== undefined && [...steps, service].includes(started)) tails.delete(started);
    if (ended !== undefined) open.delete(ended);
  }
  const services = [...view.nodes.values()].filter(({ kind }) => kind === 'service');
  const others = services.map(({ id }) => id).filter((id) => id !== service);
  const excerpt = (task: string): Excerpt => {
    const tail = tails.get(task);
    tail?.end();
    return { task, lines: tail?.lines() ?? [], cut: tail?.cut ?? false };
  };
  return {
    steps: steps.map(excerpt),
    services: [...(service === undefined ? [] : [service]), ...others].map(excerpt),
  };
}

/** The service that is the cause, or that could not start and is the cause by that. */
export function brokenService(view: RunView): string | undefined {
  const task = causeTask(view);
  return task !== undefined && view.nodes.get(task)?.kind === 'service' ? task : undefined;
}

/** The steps whose output belongs to the failure. */
function brokenSteps(view: RunView): readonly string[] {
  if (view.cause?.kind === 'step') return [view.cause.step];
  if (view.cause?.kind === 'group') return cancelledIn(view, groupNamed(view, view.cause.group));
  if (view.cause?.kind === 'stage') return cancelledIn(view, stageNamed(view, view.cause.stage));
  if (view.cause?.kind === 'run')
    return view.plan.stages.flatMap(({ root }) => cancelledIn(view, root));
  const service = brokenService(view);
  if (service !== undefined) return stepsDuringEnd(view, service);
  return [...view.nodes.values()]
    .filter((node) => node.kind === 'step')
    .filter(({ outcome }) => outcome === 'failed' || outcome === 'timed-out')
    .map(({ id }) => id);
}

const groupNamed = ({ plan }: RunView, group: string): Group | undefined =>
  nodesOfPlan(plan).find((node) => node.kind === 'group' && node.id === group) as Group | undefined;

const stageNamed = ({ plan }: RunView, stage: string): Group | undefined =>
  plan.stages.find(({ id }) => id === stage)?.root;

/** The steps that a group took along when its time was up. */
function cancelledIn(view: RunView, group: Group | undefined): readonly string[] {
  if (!group) return [];
  return [...nodesOf(group)]
    .map(({ id }) => view.nodes.get(id))
    .filter((node) => node?.kind === 'step' && node.outcome === 'cancelled')
    .map((node) => node!.id);
}
