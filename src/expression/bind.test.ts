import assert from 'node:assert/strict';
import { it } from 'node:test';

import { bind, bindExpression, bindText } from './bind.ts';

import type { Expression } from '../plan/expression.ts';
import type { Condition } from '../plan/plan.ts';

const known = new Map([['I', '1']]);
const I: Expression = { kind: 'variable', name: 'I' };
const J: Expression = { kind: 'variable', name: 'J' };
const one: Expression = { kind: 'value', value: '1' };

it('puts variables into the holes of a text, and leaves those of others', () => {
  assert.deepEqual(bindText(['a', { variable: 'I' }, 'b', { variable: 'J' }], known), [
    'a1b',
    { variable: 'J' },
  ]);
});

it('puts variables into expressions at any depth', () => {
  const nested = (inner: Expression): Expression => ({
    kind: 'choice',
    condition: { kind: 'binary', operator: '==', left: inner, right: J },
    then: { kind: 'text', parts: [{ kind: 'list', items: [inner] }] },
    otherwise: {
      kind: 'call',
      of: { kind: 'member', of: J, key: { kind: 'unary', operator: '-', operand: inner } },
      method: 'get',
      arguments: [inner],
    },
  });
  assert.deepEqual(bindExpression(nested(I), known), nested(one));
  assert.deepEqual(bindText(['a', { expression: nested(I) }], known), [
    'a',
    { expression: nested(one) },
  ]);
});

it('puts a variable that is a number into expressions as one', () => {
  const number = bindExpression({ kind: 'variable', name: 'I', isNumber: true }, known);
  assert.deepEqual(number, { kind: 'value', value: 1 });
});

it('finds expressions wherever they stand in a plan, and leaves what they are values of', () => {
  const when = (expression: Expression): Condition => ({
    kind: 'not',
    condition: { kind: 'true', expression },
  });
  const value: Expression = { kind: 'value', value: { kind: 'variable', name: 'I' } };
  assert.deepEqual(bind({ when: when(I), lines: ['x', [{ expression: I }]] }, known), {
    when: when(one),
    lines: ['x', [{ expression: one }]],
  });
  assert.deepEqual(bind({ when: when(value) }, known), { when: when(value) });
});
