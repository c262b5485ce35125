import { isTask } from '../plan/order.ts';

import type { Group, Node } from '../plan/plan.ts';
import type { Copy, Turn } from './copy.ts';

/**
 * Makes needs name copies, where they named what was repeated: all of them, or, for who stands in a copy
 * of the same group, those of that copy. A service of which there is no copy is not needed.
 */
export function resolveNeeds(
  copies: readonly Copy[],
  known: ReadonlySet<string>,
): (root: Group) => Group {
  const services = new Services(copies);
  const turnsOf = new Map(copies.map(({ node, turns }) => [node.id, turns]));
  const resolved = (node: Node): Node => {
    if (node.kind === 'group') return { ...node, members: node.members.map(resolved) };
    if (!isTask(node)) return node;
    const turns = turnsOf.get(node.id) ?? [];
    const needs = node.needs.flatMap((need) =>
      known.has(need) ? services.seenFrom(need, turns) : [need],
    );
    return { ...node, needs };
  };
  return (root) => ({ ...root, members: root.members.map(resolved) });
}

/** The copies of every service, by how many of the repetitions around them somebody shares. */
class Services {
  readonly #byPlace = new Map<string, string[]>();
  /** What is repeated around each, the outermost first. */
  readonly #around = new Map<string, readonly string[]>();

  constructor(copies: readonly Copy[]) {
    for (const {
      node,
      written: { id: origin },
      turns,
    } of copies) {
      if (node.kind !== 'service') continue;
      this.#around.set(
        origin,
        turns.map((turn) => turn.of),
      );
      for (let shared = 0; shared <= turns.length; shared++) {
        const key = keyOf(origin, turns.slice(0, shared));
        const there = this.#byPlace.get(key);
        if (there) there.push(node.id);
        else this.#byPlace.set(key, [node.id]);
      }
    }
  }

  /** The ids of the copies of a service that somebody in these copies means by its name. */
  seenFrom(service: string, turns: readonly Turn[]): readonly string[] {
    const around = this.#around.get(service) ?? [];
    const differs = turns.findIndex((turn, at) => turn.of !== around[at]);
    const shared = differs === -1 ? turns : turns.slice(0, differs);
    return this.#byPlace.get(keyOf(service, shared)) ?? [];
  }
}

const keyOf = (service: string, turns: readonly Turn[]): string =>
  [service, ...turns.map(({ index }) => index)].join(' ');
