import { child, members } from '../common/tree.ts';
import { identityOf } from './identify.ts';
import { runtimeId } from './place.ts';

import type { Spot } from '../common/tree.ts';
import type { Level } from './place.ts';

/** What steps of each identifier are called while they run, the groups around them first. */
export function runtimeIdsIn(
  list: Spot | undefined,
  groups: readonly Level[],
): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  const add = (id: string, runtime: readonly string[]): void => {
    found.set(id, [...(found.get(id) ?? []), ...runtime]);
  };
  for (const item of members(list)) {
    const step = child(item, 'step');
    const group = child(item, 'stepGroup');
    if (step) {
      const { identifier: id, name } = identityOf(step);
      const level: Level = { kind: 'step', identifier: id, id, name, body: step };
      add(id, [runtimeId([...groups, level])]);
    }
    if (group) {
      const { identifier: id, name } = identityOf(group);
      const level: Level = { kind: 'group', identifier: id, id, name, body: group };
      for (const [one, runtime] of runtimeIdsIn(child(group, 'steps'), [...groups, level]))
        add(one, runtime);
    }
    for (const [one, runtime] of runtimeIdsIn(child(item, 'parallel'), groups)) add(one, runtime);
  }
  return found;
}
