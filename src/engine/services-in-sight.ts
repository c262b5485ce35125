import type { Service } from '../plan/plan.ts';
import type { StageContext } from './run-context.ts';

/**
 * The services a node may rely on: those that stand before it, and those it names. One whose condition
 * does not hold is not there.
 */
export function servicesInSight(
  { id, needs = [] }: { readonly id: string; readonly needs?: readonly string[] },
  { before, services }: StageContext,
): readonly Service[] {
  const standing = before.get(id) ?? [];
  const named = needs.map((need) => services.get(need)?.spec).filter((spec) => spec !== undefined);
  const all = [...new Set([...standing, ...named])];
  return all.filter((service) => services.get(service.id)?.isSkipped !== true);
}
