import { Names, toIdentifier } from './names.ts';

import type { Group, Node } from '../../plan/plan.ts';

/** What nodes are called in a Harness pipeline. */
export interface Identifiers {
  /** By the ids of nodes. */
  readonly own: ReadonlyMap<string, string>;
  /** What others need them by: with the groups around, where the identifier is not the only one. */
  readonly needed: ReadonlyMap<string, string>;
}

/**
 * What Harness calls each node. A name that begins with that of the group around it loses that part, which
 * Harness puts before it again.
 */
export function identifiersOf(root: Group): Identifiers {
  const own = new Map<string, string>();
  const whole = new Map<string, string>();
  const all = new Names('_');
  const visit = (members: readonly Node[], around: string, names: Names): void => {
    for (const node of members) {
      const name = toIdentifier(node.name);
      const rest = around !== '' && name.startsWith(around) ? name.slice(around.length) : '';
      const isShort = /^[a-zA-Z_]/.test(rest) && !names.has(rest);
      const identifier = isShort
        ? names.take(rest)
        : names.take(node.kind === 'group' ? name : all.take(name));
      own.set(node.id, identifier);
      whole.set(node.id, `${around}${identifier}`);
      if (node.kind !== 'group') continue;
      if (isBare(node)) visit(node.members, around, names);
      else visit(node.members, `${around}${identifier}_`, new Names('_'));
    }
  };
  visit(root.members, '', new Names('_'));
  const count = Map.groupBy(own.values(), (identifier) => identifier);
  const needed = [...own].map(([id, identifier]): readonly [string, string] => [
    id,
    count.get(identifier)!.length === 1 ? identifier : whole.get(id)!,
  ]);
  return { own, needed: new Map(needed) };
}

/** Whether a group says no more than that its members run at the same time. */
export const isBare = (group: Group): boolean =>
  group.order === 'parallel' &&
  group.members.length > 1 &&
  !group.when &&
  !group.repeat &&
  group.timeoutMs === undefined &&
  !group.retry;
