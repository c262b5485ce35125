import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { holds, waitsForRun } from './condition.ts';

import type { Expression } from '../plan/expression.ts';
import type { Condition, Filling } from '../plan/plan.ts';

const variables = new Map([
  ['BRANCH', 'main'],
  ['EMPTY', ''],
  ['DOLLARS', 'a$$BRANCH$&'],
  ['BAD', '['],
]);

const text = (value: string): Filling => ({ value: [value] });
const variable = (name: string, fallback?: string): Filling => ({
  value: [{ variable: name }],
  ...(fallback !== undefined && { fallback: [fallback] }),
});

type Comparison = Extract<Condition, { readonly other: Filling }>['kind'];
const compare = (kind: Comparison, value: string, other: string): Condition => ({
  kind,
  value: text(value),
  other: text(other),
});
const matches = (value: string, patterns: string, delimiter?: string): Condition => ({
  kind: 'matches',
  value: text(value),
  patterns: {
    text: text(patterns),
    ...(delimiter !== undefined && { delimiter: text(delimiter) }),
  },
});
const not = (condition: Condition): Condition => ({ kind: 'not', condition });
const yes = compare('equal', 'x', 'x');
const no = not(yes);
const broken = matches('x', '[');

function assertHolds(condition: Condition, expected: boolean): void {
  assert.deepEqual(
    holds(condition, variables),
    { ok: true, value: expected },
    JSON.stringify(condition),
  );
}

describe('a condition', () => {
  it('compares texts as they are', () => {
    assertHolds(compare('equal', '1', '1'), true);
    assertHolds(compare('equal', '1', '1.0'), false);
    assertHolds(compare('equal', '', ''), true);
    assertHolds(compare('equal', 'a', 'A'), false);
  });

  it('compares numbers by their size, however they are written', () => {
    assertHolds(compare('greater', '10', '9'), true);
    assertHolds(compare('greater', '9', '10'), false);
    assertHolds(compare('greater', '-1', '-2'), true);
    assertHolds(compare('greater', '1.5', '1.25'), true);
    assertHolds(compare('greater', '1e3', '999'), true);
    assertHolds(compare('greater', ' +2 ', '1'), true);
    assertHolds(compare('at-least', '1.0', '1'), true);
    assertHolds(compare('greater', '1.0', '1'), false);
    assertHolds(compare('greater', '20261122055415124', '20261122055415123'), true);
    assertHolds(compare('at-least', '20261122055415123', '20261122055415124'), false);
  });

  it('compares by code points where one of them is no number', () => {
    assertHolds(compare('greater', '10', '9a'), false);
    assertHolds(compare('greater', 'b', 'a'), true);
    assertHolds(compare('greater', 'a', ''), true);
    assertHolds(compare('at-least', 'a', 'a'), true);
    assertHolds(compare('greater', '0x10', '9'), false);
    assertHolds(compare('greater', '\u{1f600}', '\uffee'), true);
  });

  it('finds a text within another, but never an empty one in one that is not', () => {
    assertHolds(compare('includes', 'abc', 'b'), true);
    assertHolds(compare('includes', 'abc', 'x'), false);
    assertHolds(compare('includes', 'abc', ''), false);
    assertHolds(compare('includes', '', ''), true);
    assertHolds(compare('starts-with', 'abc', 'ab'), true);
    assertHolds(compare('starts-with', 'abc', 'b'), false);
    assertHolds(compare('ends-with', 'abc', 'bc'), true);
    assertHolds(compare('ends-with', 'abc', 'b'), false);
  });

  it('asks whether something is there that is not blank', () => {
    for (const [value, expected] of [
      [text('a'), true],
      [text('0'), true],
      [text(' \t\n'), false],
      [variable('EMPTY'), false],
      [variable('NONE'), false],
      [variable('NONE', 'x'), true],
    ] as const)
      assertHolds({ kind: 'set', value }, expected);
  });

  it('looks for a value among others', () => {
    const among = (...values: Filling[]): Condition => ({
      kind: 'among',
      value: variable('BRANCH'),
      values,
    });
    assertHolds(among(text('dev'), text('main')), true);
    assertHolds(among(text('dev'), variable('NONE', 'main')), true);
    assertHolds(among(text('dev')), false);
    assertHolds(among(), false);
  });

  it('takes what variables give as it is, and falls back only where one is missing', () => {
    const equal = (value: Filling, other: string): Condition => ({
      kind: 'equal',
      value,
      other: text(other),
    });
    assertHolds(equal(variable('BRANCH', 'x'), 'main'), true);
    assertHolds(equal(variable('NONE', 'x'), 'x'), true);
    assertHolds(equal(variable('EMPTY', 'x'), ''), true);
    assertHolds(equal(variable('DOLLARS'), 'a$$BRANCH$&'), true);
  });

  it('joins others to any depth, and reads no further than it has to', () => {
    assertHolds({ kind: 'all', of: [yes, { kind: 'any', of: [no, not(no)] }] }, true);
    assertHolds(
      { kind: 'all', of: [yes, { kind: 'any', of: [no, { kind: 'all', of: [no] }] }] },
      false,
    );
    assertHolds({ kind: 'all', of: [] }, true);
    assertHolds({ kind: 'any', of: [] }, false);
    assertHolds({ kind: 'all', of: [no, broken] }, false);
    assertHolds({ kind: 'any', of: [yes, broken] }, true);
  });
});

describe('an expression of a condition', () => {
  it('matches the whole of a value or not at all', () => {
    assertHolds(matches('ab', 'a|ab'), true);
    assertHolds(matches('abc', 'a|ab'), false);
    assertHolds(matches('main', '^main$'), true);
    assertHolds(matches('main\n', 'main'), false);
    assertHolds(matches('a\nb', 'a[^]b'), true);
    assertHolds(matches('', ''), true);
    assertHolds(matches('x', ''), false);
  });

  it('is one of several that a delimiter parts', () => {
    assertHolds(matches('main-244', 'freeze,main,main-\\d+', ','), true);
    assertHolds(matches('patch_', 'freeze,main,patch-\\d+', ','), false);
    assertHolds(matches('b', 'a; b;b', ';'), true);
    assertHolds(matches('b', 'a::b', '::'), true);
    assertHolds(matches('a,b', 'a,b'), true);
    assertHolds(matches('a,b', 'a,b', ''), true);
    assertHolds(matches('a', 'a\\b', '\\'), true);
  });

  it('is not parted within its brackets, nor behind a backslash', () => {
    assertHolds(matches('123', 'x,\\d{1,3}', ','), true);
    assertHolds(matches('1234', 'x,\\d{1,3},y', ','), false);
    assertHolds(matches('y', 'x,\\d{1,3},y', ','), true);
    assertHolds(matches(',', '[a,b],c', ','), true);
    assertHolds(matches('c', '[a,b],c', ','), true);
    assertHolds(matches(',', '[\\],],c', ','), true);
    assertHolds(matches('a,b', '(a,(b|c)),d', ','), true);
    assertHolds(matches('d', '(a,(b|c)),d', ','), true);
    assertHolds(matches('a,b', 'a\\,b', ','), true);
    assertHolds(matches('c', '(a|b)|c', '|'), true);
    assertHolds(matches('(', '\\(,b', ','), true);
  });

  it('is named when it is none', () => {
    assert.deepEqual(holds({ kind: 'all', of: [yes, not(broken)] }, variables), {
      ok: false,
      failure: '`[` is no regular expression: unterminated character class',
    });
    const given: Condition = {
      kind: 'matches',
      value: text('x'),
      patterns: { text: variable('BAD') },
    };
    assert.equal(holds(given, variables).ok, false);
    // Each must be one by itself, and not only within the brackets that make it match the whole.
    assert.equal(holds(matches('a', 'a)|(b'), variables).ok, false);
  });
});

describe('a condition that is worked out', () => {
  const out: Expression = { kind: 'variable', name: 'BRANCH' };
  const isTrue = (expression: Expression): Condition => ({ kind: 'true', expression });

  it('holds when it comes to true, or to a text that says so', () => {
    const equal = (value: string): Condition =>
      isTrue({ kind: 'binary', operator: '==', left: out, right: { kind: 'value', value } });
    assertHolds(equal('main'), true);
    assertHolds(equal('dev'), false);
    assertHolds(isTrue({ kind: 'value', value: 'true' }), true);
    for (const value of ['main', '', 1, null, []])
      assertHolds(isTrue({ kind: 'value', value }), false);
    assertHolds(isTrue({ kind: 'variable', name: 'NONE' }), false);
  });

  it('fails with a clause when it cannot be worked out', () => {
    const call: Expression = { kind: 'call', of: out, method: 'charAt', arguments: [] };
    assert.deepEqual(holds(not(isTrue(call)), variables), {
      ok: false,
      failure: '`charAt` takes 1 argument, and has 0',
    });
  });

  it('may hold later, unlike all others', () => {
    const late = isTrue(out);
    assert.equal(waitsForRun({ kind: 'any', of: [yes, not(late)] }), true);
    assert.equal(waitsForRun({ kind: 'all', of: [yes, no] }), false);
  });
});
