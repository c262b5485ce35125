import { oneOrMany, textOf } from '../common/tree.ts';
import { runtimeId, stageOf } from './place.ts';
import { toSpan } from './texts.ts';

import type { Named } from '../common/outline.ts';
import type { Spot } from '../common/tree.ts';
import type { Place } from './place.ts';

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
    const around = runtimeId(place.levels.slice(0, -1));
    const own = around === '' ? text : `${around}_${text}`;
    const all = ids.get(text) ?? [];
    const meant = all.includes(own) ? own : all.length === 1 ? all[0]! : text;
    return [{ text: meant, span: toSpan(one) }];
  });
  return { named, needs: named.map(({ text }) => `${stage}.${text}`) };
}
