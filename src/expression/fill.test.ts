import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { fill, fillOrFallBack } from './fill.ts';

import type { Expression } from '../plan/expression.ts';
import type { Text } from '../plan/plan.ts';

const variables = new Map([
  ['A', 'a$$B$&'],
  ['EMPTY', ''],
]);

it('takes values as they are, even when they look like holes', () => {
  assert.deepEqual(fill(['<', { variable: 'A' }, '>'], variables), {
    value: '<a$$B$&>',
    missing: [],
  });
});

it('names what is missing and leaves it empty', () => {
  assert.deepEqual(fill([{ variable: 'X' }, '-', { variable: 'Y' }], variables), {
    value: '-',
    missing: ['X', 'Y'],
  });
});

it('falls back only when the value names something missing', () => {
  assert.equal(
    fillOrFallBack({ value: [{ variable: 'X' }], fallback: ['d'] }, variables).value,
    'd',
  );
  assert.equal(
    fillOrFallBack({ value: [{ variable: 'EMPTY' }], fallback: ['d'] }, variables).value,
    '',
  );
  assert.equal(fillOrFallBack({ value: [''], fallback: ['d'] }, variables).value, '');
});

it('tells when the fallback is missing as well', () => {
  const variable = {
    name: 'V',
    value: [{ variable: 'X' }],
    fallback: [{ variable: 'Y' }],
  };
  assert.deepEqual(fillOrFallBack(variable, variables), { value: '', missing: ['Y'] });
});

describe('an expression in a text', () => {
  const hole = (expression: Expression): Text => ['<', { expression }, '>'];
  const isThere = (name: string): Expression => ({ kind: 'variable', name });

  it('is worked out', () => {
    const upper = { kind: 'call', of: isThere('A'), method: 'length', arguments: [] } as const;
    assert.deepEqual(fill(hole(upper), variables), { value: '<6>', missing: [] });
    assert.deepEqual(fill(hole({ kind: 'list', items: [isThere('EMPTY')] }), variables), {
      value: '<[""]>',
      missing: [],
    });
  });

  it('reads what the run does not have as null, and names it when it was asked for', () => {
    assert.deepEqual(fill(hole(isThere('X')), variables), {
      value: '<null>',
      missing: [],
      nulls: ['X'],
    });
    const choice = {
      kind: 'choice',
      condition: isThere('EMPTY'),
      then: isThere('X'),
      otherwise: isThere('A'),
    } as const;
    assert.deepEqual(fill(hole(choice), variables), { value: '<a$$B$&>', missing: [] });
  });

  it('stands empty when it cannot be worked out, and says why', () => {
    const trim = { kind: 'call', of: isThere('X'), method: 'trim', arguments: [] } as const;
    assert.deepEqual(fill(hole(trim), variables), {
      value: '<>',
      missing: [],
      nulls: ['X'],
      failure: '`trim` is asked of X, which has no value',
    });
  });
});
