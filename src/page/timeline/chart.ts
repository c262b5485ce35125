import { bars, breaks } from './bars.ts';
import { rowWords } from './row-words.ts';

import type { GroupView, RunView, ServiceView, StageView, StepView } from '../../event/view.ts';
import type { Group, Node } from '../../plan/plan.ts';
import type { Bar } from './bars.ts';

/** What has a row: a stage, group, step or service. */
export type Shown = (StageView & { readonly kind: 'stage' }) | GroupView | StepView | ServiceView;

/** One line of a chart. */
export interface Row {
  /** No other one has it. */
  readonly key: string;
  readonly kind: Shown['kind'];
  readonly id: string;
  readonly name: string;
  /** 0 for what stands outermost. */
  readonly depth: number;
  readonly bars: readonly Bar[];
  /** When it broke, perhaps to start again after that, in milliseconds since the run began. */
  readonly breaks: readonly number[];
  /** How it stands, and what is worth a glance. */
  readonly words: string;
}

/** When everything ran. */
export interface Chart {
  readonly rows: readonly Row[];
  /** How long the run has gone on, in milliseconds; never 0. */
  readonly lengthMs: number;
}

/**
 * The chart of a run at a time: stage by stage, and in each group first the steps in their order, and under them the
 * services that played while they ran.
 */
export function chartOf(view: RunView, now: number): Chart {
  const rows: Row[] = [];
  const end = view.endedAt ?? Math.max(now, latest(view));
  const add = (shown: Shown, depth: number): void => {
    const { kind, id, name } = shown;
    const times = { begin: view.startedAt, end, isOver: view.endedAt !== undefined };
    rows.push({
      ...{
        key: `${kind} ${id}`,
        kind,
        id,
        name,
        depth,
        bars: bars(shown, times),
        breaks: breaks(shown, times),
      },
      words: rowWords(shown, view.endedAt !== undefined),
    });
  };
  const addMembers = (group: Group, depth: number): void => {
    for (const node of stepsFirst(group)) {
      const shown = view.nodes.get(node.id);
      if (!shown) continue;
      add(shown, depth);
      if (node.kind === 'group') addMembers(node, depth + 1);
    }
  };
  const { stages } = view.plan;
  for (const { id, root } of stages) {
    const stage = view.stages.get(id);
    if (stages.length > 1 && stage) add({ ...stage, kind: 'stage' }, 0);
    addMembers(root, stages.length > 1 ? 1 : 0);
  }
  return { rows, lengthMs: Math.max(1, end - view.startedAt) };
}

const stepsFirst = ({ members }: Group): Node[] => [
  ...members.filter(({ kind }) => kind !== 'service'),
  ...members.filter(({ kind }) => kind === 'service'),
];

/** The last moment that is known of, whatever the clock of the browser says. */
function latest({ startedAt, nodes }: RunView): number {
  let last = startedAt;
  for (const node of nodes.values()) {
    last = Math.max(last, node.startedAt ?? 0, node.endedAt ?? 0);
    if (node.kind === 'service') last = Math.max(last, node.history.at(-1)?.at ?? 0);
  }
  return last;
}
