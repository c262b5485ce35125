import { splitItems } from './turns.ts';

import type { Node, Plan, RepeatEach, Text } from '../plan/plan.ts';
import type { Variables } from './fill.ts';

/** What is known of a run's variables before it starts. */
export interface KnownSecrets {
  readonly variables: Variables;
  /** Values that must never be shown. */
  readonly secrets: readonly string[];
}

/**
 * What repetitions make of secrets that hold several items, parted by commas: whoever prints its own
 * item prints a part of a secret, which must never be shown either.
 */
export function secretItems(plan: Plan, { variables, secrets }: KnownSecrets): readonly string[] {
  const all = new Set(secrets);
  const found: string[] = [];
  const walk = (node: Node, bound: ReadonlyMap<string, readonly string[]>): void => {
    const over = node.repeat?.over;
    let within = bound;
    if (over?.kind === 'each') {
      const values = textsOf(over)
        .flatMap(variablesOf)
        .flatMap((name) => bound.get(name) ?? variables.get(name) ?? []);
      const items = 'commaSeparated' in over.items ? values.flatMap(splitItems) : values;
      const own = values.filter((value) => all.has(value)).flatMap(splitItems);
      if ('commaSeparated' in over.items) found.push(...own);
      within = new Map([...bound, [over.element, items]]);
    }
    if (node.kind === 'group') for (const member of node.members) walk(member, within);
  };
  for (const { root } of plan.stages) walk(root, new Map());
  return found;
}

const textsOf = ({ items }: RepeatEach): readonly Text[] =>
  'commaSeparated' in items ? [items.commaSeparated] : items;

const variablesOf = (text: Text): readonly string[] =>
  text.flatMap((part) => (typeof part !== 'string' && 'variable' in part ? part.variable : []));
