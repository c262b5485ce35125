import { nearest } from '../dialect/common/nearest.ts';
import { nodesOfPlan } from '../plan/order.ts';

import type { Breaks } from '../engine/gate.ts';
import type { Plan } from '../plan/plan.ts';

/** Where runs are to pause of themselves: names or ids of steps, services and groups. */
export interface BreakFlags {
  readonly break?: readonly string[];
  readonly pauseOnFailure?: boolean;
  /** Before anything begins. */
  readonly loaded?: boolean;
}

/** What is wrong with the names that are given, as sentences: none of these plans has them. */
export function unknownBreaks(
  { break: named = [] }: BreakFlags,
  plans: readonly Plan[],
): readonly string[] {
  const known = new Set(plans.flatMap(nodesOfPlan).flatMap(({ id, name }) => [id, name]));
  return named
    .filter((name) => !known.has(name))
    .map((name) => {
      const near = nearest(name, known);
      const hint = near === undefined ? '' : `, did you mean ${near}?`;
      return `--break ${name}: there is no step, service or group of that name${hint}`;
    });
}

/** The same for one run. */
export function breaksOf(
  { break: named = [], pauseOnFailure = false, loaded = false }: BreakFlags,
  plan: Plan,
): Breaks {
  const nodes = nodesOfPlan(plan);
  const meant = named.length === 0 ? [] : nodes.filter(isMeant);
  return {
    before: new Set(meant.map(({ id }) => id)),
    onFailure: pauseOnFailure,
    ...(loaded && { atStart: true }),
  };

  function isMeant({ id, name }: { readonly id: string; readonly name: string }): boolean {
    return named.includes(id) || named.includes(name);
  }
}
