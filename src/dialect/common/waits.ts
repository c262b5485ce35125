import { everything } from './outline.ts';

import type { Named, Outline, OutlineGroup, OutlineTask } from './outline.ts';

/** That one task waits for a service which it names. */
export interface Need {
  readonly from: OutlineTask;
  readonly need: Named;
  readonly to: OutlineTask;
}

/**
 * The circles in which tasks wait for each other, by their needs and by their order. Each as the
 * needs that make it, in the order in which they wait; its first need stands in no earlier one.
 */
export function findCircles(
  root: OutlineGroup,
  needs: readonly Need[],
): readonly (readonly Need[])[] {
  const graph = new WaitGraph(root, needs);
  if (!graph.hasCircle()) return [];
  const circles: (readonly Need[])[] = [];
  const explained = new Set<Need>();
  for (const need of needs) {
    if (explained.has(need)) continue;
    const back = graph.needsBetween(need.to, need.from);
    if (!back) continue;
    const circle = [need, ...back];
    circles.push(circle);
    for (const member of circle) explained.add(member);
  }
  return circles;
}

interface Edge {
  readonly to: number;
  readonly need?: Need;
}

/** What has to happen before what: the start and the end of everything, as points. */
class WaitGraph {
  readonly #edges: Edge[][] = [];
  readonly #starts = new Map<Outline, number>();

  constructor(root: OutlineGroup, needs: readonly Need[]) {
    const all = [root, ...everything(root).map(({ outline }) => outline)];
    for (const outline of all) {
      this.#starts.set(outline, this.#edges.length);
      this.#edges.push([], []);
    }
    for (const outline of all) this.#order(outline);
    for (const need of needs)
      this.#edges[this.#start(need.from)]!.push({ to: this.#start(need.to), need });
  }

  /** Whether anything is left when all that waits for nothing is taken away, again and again. */
  hasCircle(): boolean {
    const waiting = this.#edges.map((edges) => edges.length);
    const waiters = this.#edges.map((): number[] => []);
    for (const [point, edges] of this.#edges.entries())
      for (const { to } of edges) waiters[to]!.push(point);
    const free = [...waiting.keys()].filter((point) => waiting[point] === 0);
    let left = waiting.length;
    for (let point = free.pop(); point !== undefined; point = free.pop()) {
      left -= 1;
      for (const waiter of waiters[point]!) if (--waiting[waiter]! === 0) free.push(waiter);
    }
    return left > 0;
  }

  /** The needs on the shortest way on which the start of one waits for the start of another. */
  needsBetween(from: Outline, to: Outline): readonly Need[] | undefined {
    const goal = this.#start(to);
    const queue = [this.#start(from)];
    const reached = new Map<
      number,
      { readonly before: number; readonly need?: Need } | undefined
    >();
    reached.set(queue[0]!, undefined);
    for (const point of queue) {
      if (point === goal) break;
      for (const edge of this.#edges[point]!)
        if (!reached.has(edge.to)) {
          reached.set(edge.to, { before: point, ...(edge.need && { need: edge.need }) });
          queue.push(edge.to);
        }
    }
    if (!reached.has(goal)) return undefined;
    const needs: Need[] = [];
    for (let step = reached.get(goal); step; step = reached.get(step.before))
      if (step.need) needs.unshift(step.need);
    return needs;
  }

  #order(outline: Outline): void {
    const start = this.#start(outline);
    this.#edges[start + 1]!.push({ to: start });
    if (outline.kind !== 'group') return;
    for (const [index, member] of outline.members.entries()) {
      const before = outline.order === 'serial' ? outline.members[index - 1] : undefined;
      this.#edges[this.#start(member)]!.push({ to: before ? this.#passed(before) : start });
      this.#edges[start + 1]!.push({ to: this.#passed(member) });
    }
  }

  #start(outline: Outline): number {
    return this.#starts.get(outline)!;
  }

  /** When the list goes on after it: a service only has to start. */
  #passed(outline: Outline): number {
    return this.#start(outline) + (outline.kind === 'service' ? 0 : 1);
  }
}
