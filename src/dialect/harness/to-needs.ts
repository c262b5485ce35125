import { oneOrMany, textOf } from '../common/tree.ts';
import { runtimeId, stageOf, writtenId } from './place.ts';
import { toSpan } from './texts.ts';

import type { Named } from '../common/outline.ts';
import type { Spot } from '../common/tree.ts';
import type { Level, Place } from './place.ts';

export interface Needs {
  /** What it needs by the names that outlines have. */
  readonly named: readonly Named[];
  /** The ids of the same. */
  readonly needs: readonly string[];
}

/**
 * Whom a step or a service needs: by identifier, of one in the same group or else of the only one in
 * the stage, or with the groups around it.
 */
export function toNeeds(spot: Spot | undefined, place: Place): Needs {
  const stage = stageOf(place)?.id ?? '';
  const ids = place.stage?.runtimeIds ?? new Map<string, readonly string[]>();
  const named = oneOrMany(spot).flatMap((one): readonly Named[] => {
    const text = textOf(one);
    if (text === undefined || text === '') return [];
    const groups = place.levels.slice(0, -1);
    const around = writtenId(groups);
    const own = around === '' ? text : `${around}_${text}`;
    const all = ids.get(text) ?? [];
    const written = all.includes(own) ? own : all.length === 1 ? all[0] : undefined;
    const meant = written === undefined ? text : inThisCopy(written, groups);
    return [{ text: meant, span: toSpan(one) }];
  });
  return { named, needs: named.map(({ text }) => `${stage}.${text}`) };
}

/** The same with the numbers of the copies of the groups that both stand in. */
function inThisCopy(id: string, groups: readonly Level[]): string {
  for (let depth = groups.length; depth > 0; depth--) {
    const around = writtenId(groups.slice(0, depth));
    if (around !== '' && id.startsWith(`${around}_`))
      return `${runtimeId(groups.slice(0, depth))}${id.slice(around.length)}`;
  }
  return id;
}
