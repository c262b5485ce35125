import { child, members, textOf } from '../common/tree.ts';
import { typeOf } from './scope-values.ts';

import type { Expression } from '../../plan/expression.ts';
import type { Spot } from '../common/tree.ts';

/** What the run calls an output of a step. */
export const outputAs = (node: string, name: string): string => `output:${node}:${name}`;

/** What an output comes to that a step with this body declares. */
export function outputOf(body: Spot, node: string, name: string): Expression {
  const declared = members(child(child(body, 'spec') ?? body, 'outputVariables'));
  const one = declared.find((spot) => textOf(child(spot, 'name')) === name);
  return {
    kind: 'variable',
    name: outputAs(node, name),
    ...(one && typeOf(one) === 'Number' && { isNumber: true }),
  };
}

/** What the run calls what a person answered. */
export const approvedAs = (node: string, name: string): string => `answer:${node}:${name}`;

/** What the run calls how something ended. */
export const outcomeAs = (id: string): string => `outcome:${id}`;
