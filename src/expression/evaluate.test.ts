import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { evaluate } from './evaluate.ts';
import { methodNames } from './methods.ts';

import type { BinaryOperator, Expression, Value } from '../plan/expression.ts';

const variables = new Map([
  ['A', 'a$$B$&'],
  ['SEVEN', '7'],
  ['TENTH', '1.10'],
]);

const the = (value: Value): Expression => ({ kind: 'value', value });
const op = (left: Value, operator: BinaryOperator, right: Value): Expression => ({
  kind: 'binary',
  operator,
  left: the(left),
  right: the(right),
});
const call = (of: Value, method: string, ...given: Value[]): Expression => ({
  kind: 'call',
  of: the(of),
  method,
  arguments: given.map(the),
});
const member = (of: Value, key: Value): Expression => ({
  kind: 'member',
  of: the(of),
  key: the(key),
});

function assertComesTo(expression: Expression, expected: Value): void {
  assert.deepEqual(
    evaluate(expression, variables),
    { ok: true, value: expected },
    JSON.stringify(expression),
  );
}

function assertFails(expression: Expression, failure: RegExp): void {
  const result = evaluate(expression, variables);
  assert.ok(!result.ok, JSON.stringify([expression, result]));
  assert.match(result.failure, failure);
}

const comesTo = (rows: readonly (readonly [Expression, Value])[]): void => {
  for (const [expression, value] of rows) assertComesTo(expression, value);
};

describe('an operator', () => {
  it('takes a number and the text that says it for equal, and no two other kinds', () => {
    comesTo([
      [op(1, '==', '1'), true],
      [op('1.0', '==', 1), true],
      [op('1', '==', '1.0'), false],
      [op(1, '==', 'one'), false],
      [op(true, '==', 'true'), true],
      [op(false, '!=', 'true'), true],
      [op(null, '==', null), true],
      [op(null, '==', ''), false],
      [op(null, '==', 'null'), false],
      [op([1, { a: 2 }], '==', [1, { a: 2 }]), true],
      [op([], '==', {}), false],
    ]);
  });

  it('orders numbers by size and texts by their characters', () => {
    comesTo([
      [op(10, '>', 9), true],
      [op('10', '>', 9), true],
      [op('10', '>', '9'), false],
      [op(1, '<=', 1), true],
      [op(null, '<', 1), false],
      [op(null, '>=', null), true],
    ]);
    assertFails(op('ten', '<', 5), /`<` cannot compare a text that is no number and a number/);
    assertFails(op([], '<', 5), /a list and a number/);
  });

  it('puts texts together and adds numbers', () => {
    comesTo([
      [op('a', '+', 1), 'a1'],
      [op(1, '+', '1'), '11'],
      [op(1, '+', 1.5), 2.5],
      [op('a', '+', null), 'anull'],
      [op('7', '-', 2), 5],
      [op(7, '/', 2), 3],
      [op(7, '/', 0.5), 14],
      [op(-7, '/', 2), -3],
      [op(7, '%', 4), 3],
      [op(0, '*', -1), 0],
    ]);
    assertFails(op(1, '/', 0), /divides by zero/);
    assertFails(op(1e308, '*', 10), /too large a number/);
    assertFails(op('x', '-', 1), /wants numbers, and has a text that is no number and a number/);
    assertFails(op(true, '+', 1), /cannot add true or false and a number/);
  });

  it('takes all but a few values for a yes, and reads no further than it has to', () => {
    const broken: Expression = call('x', 'nothing');
    for (const no of [null, false, 0, '', 'false'])
      assertComesTo({ kind: 'unary', operator: '!', operand: the(no) }, true);
    for (const yes of [true, 1, 'true', 'no', [], {}])
      assertComesTo({ kind: 'unary', operator: '!', operand: the(yes) }, false);
    const late = (operator: '&&' | '||', left: Value): Expression => ({
      kind: 'binary',
      operator,
      left: the(left),
      right: broken,
    });
    assertComesTo(late('&&', ''), false);
    assertComesTo(late('||', 'x'), true);
    assertFails(late('||', ''), /no method/);
    assertComesTo({ kind: 'choice', condition: the('false'), then: broken, otherwise: the(2) }, 2);
    assertComesTo({ kind: 'unary', operator: '-', operand: the('3') }, -3);
  });

  it('matches the whole of a text, or looks into a list or a map', () => {
    comesTo([
      [op('v12', '=~', 'v\\d+'), true],
      [op('xv12', '=~', 'v\\d+'), false],
      [op('xv12', '!~', 'v\\d+'), true],
      [op('a', '=~', ['a', 'b']), true],
      [op('c', '=~', { a: 1 }), false],
      [op(null, '=~', 'a'), false],
    ]);
    assertFails(op('x', '=~', '('), /regular expression cannot be used: a `\(` is not closed/);
  });
});

describe('a member', () => {
  it('is null where there is none', () => {
    comesTo([
      [member({ 'a-b': 1 }, 'a-b'), 1],
      [member({ a: 1 }, 'b'), null],
      [member(['x', 'y'], 1), 'y'],
      [member(['x', 'y'], '1'), 'y'],
      [member(['x'], -1), null],
      [member(['x'], 7), null],
      [member(null, 'a'), null],
    ]);
    assertFails(member('x', 'length'), /a text has no members/);
    assertFails(member(['x'], 'length'), /numbers for its items/);
  });

  it('is never what every object has', () => {
    for (const key of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf']) {
      assertComesTo(member({}, key), null);
      assertComesTo(call({}, 'get', key), null);
      assertComesTo(call({}, 'containsKey', key), false);
      assert.ok(!evaluate(member([], key), variables).ok);
    }
  });
});

describe('a method of a text', () => {
  it('does what that of Java does', () => {
    comesTo([
      [call('abc', 'contains', 'b'), true],
      [call('a,b,,', 'split', ','), ['a', 'b']],
      [call('a,b,,', 'split', ',', -1), ['a', 'b', '', '']],
      [call('a,b,c', 'split', ',', 2), ['a', 'b,c']],
      [call('a1b22c', 'split', '\\d+'), ['a', 'b', 'c']],
      [call('a.b', 'split', '.'), []],
      [call('a.b', 'split', '\\.'), ['a', 'b']],
      [call('', 'split', ','), ['']],
      [call('abc', 'split', ''), ['a', 'b', 'c']],
      [call('a', 'concat', 'b'), 'ab'],
      [call('a', 'concat', 1), 'a1'],
      [call('a.a', 'replace', '.', '$&'), 'a$&a'],
      [call('aXbX', 'replaceAll', '[X]', '-'), 'a-b-'],
      [call('k=v', 'replaceAll', '(\\w)=(\\w)', '$2=$1'), 'v=k'],
      [call('a.b.c', 'replaceFirst', '\\.', '/'), 'a/b.c'],
      [call('aBc', 'toLowerCase'), 'abc'],
      [call('aBc', 'toUpperCase'), 'ABC'],
      [call(' a ', 'trim'), 'a'],
      [call('feature/x', 'substring', 8), 'x'],
      [call('abcdef', 'substring', '1', 3), 'bc'],
      [call('abca', 'indexOf', 'a'), 0],
      [call('abca', 'indexOf', 'a', 1), 3],
      [call('abca', 'lastIndexOf', 'a'), 3],
      [call('abc', 'startsWith', 'ab'), true],
      [call('abc', 'endsWith', 'bc'), true],
      [call('abc', 'length'), 3],
      [call('', 'isEmpty'), true],
      [call(' \t', 'isBlank'), true],
      [call('abc', 'charAt', 1), 'b'],
      [call('a', 'equals', 'a'), true],
      [call('1', 'equals', 1), false],
      [call('aB', 'equalsIgnoreCase', 'Ab'), true],
      [call('v1', 'matches', 'v\\d'), true],
      [call('ab', 'repeat', 3), 'ababab'],
      [call(12, 'concat', 'x'), '12x'],
      [call(12, 'toString'), '12'],
      [call(true, 'toString'), 'true'],
    ]);
  });

  it('says what it takes, and what is wrong with what it has', () => {
    assertFails(call('a', 'contains'), /`contains` takes 1 argument, and has 0/);
    assertFails(call('a', 'trim', 1), /`trim` takes no arguments, and has 1/);
    assertFails(call('a', 'substring', 'x'), /`substring` wants a whole number, and has a text/);
    assertFails(call('a', 'concat', null), /wants a text, and has nothing/);
    assertFails(call('abc', 'substring', 2, 1), /asks for 2 to 1 of a text of 3/);
    assertFails(call('abc', 'charAt', 3), /asks for 3 of a text of 3/);
    assertFails(call('a', 'shout'), /a text has no method `shout`/);
    assertFails(call(null, 'trim'), /there is nothing to ask for `trim`/);
    assertFails(call('a', 'constructor'), /no method/);
    assertFails(call('a', 'replaceAll', 'a', '$1'), /names a group that is not there/);
  });
});

it('lists and maps have methods of their own', () => {
  const map = { a: 1, 'b-c': ['x'] };
  comesTo([
    [call(['a', 1], 'size'), 2],
    [call(['a', 1], 'get', 1), 1],
    [call(['a', 1], 'contains', '1'), true],
    [call(['a', 1], 'indexOf', 'b'), -1],
    [call(['a', 1], 'join', '-'), 'a-1'],
    [call([], 'isEmpty'), true],
    [call(map, 'get', 'b-c'), ['x']],
    [call(map, 'getOrDefault', 'z', 2), 2],
    [call(map, 'keySet'), ['a', 'b-c']],
    [call(map, 'values'), [1, ['x']]],
    [call(map, 'containsKey', 'a'), true],
    [call(map, 'containsValue', 1), true],
    [call(map, 'size'), 2],
    [call(map, 'toString'), '{"a":1,"b-c":["x"]}'],
  ]);
  assertFails(call(['a'], 'get', 1), /asks for item 1 of a list of 1/);
});

it('a number is cut to a whole one, without the minus of a zero', () => {
  comesTo([
    [call(7.9, 'intValue'), 7],
    [call(-7.9, 'longValue'), -7],
    [call(-0.5, 'intValue'), 0],
    [call(-0.5, 'longValue'), 0],
    [call(-0.5, 'doubleValue'), -0.5],
  ]);
});

it('a variable is the text that the run has, or null', () => {
  comesTo([
    [{ kind: 'variable', name: 'A' }, 'a$$B$&'],
    [{ kind: 'variable', name: 'toString' }, null],
    [{ kind: 'text', parts: [the('<'), { kind: 'variable', name: 'NONE' }, the(1)] }, '<null1'],
    [{ kind: 'list', items: [{ kind: 'variable', name: 'SEVEN' }, the(null)] }, ['7', null]],
  ]);
});

it('a variable is the number that its text says where it is to be one, unless that loses something', () => {
  const number = (name: string): Expression => ({ kind: 'variable', name, isNumber: true });
  comesTo([
    [number('SEVEN'), 7],
    [number('A'), 'a$$B$&'],
    [number('TENTH'), '1.10'],
    [number('NONE'), null],
  ]);
});

describe('what an expression may take', () => {
  const large = 'x'.repeat(200_000);

  it('is bounded for every value', () => {
    for (const expression of [
      op(large, '+', large),
      call(large, 'concat', large),
      call('x', 'repeat', 1e15),
      call(large, 'replace', 'x', large),
      call(large, 'replaceAll', 'x', large),
      call(Array(2_000).fill('x'), 'join', large),
      { kind: 'list', items: [the(large), the(large)] },
      { kind: 'text', parts: [the(large), the(large)] },
    ] satisfies Expression[])
      assertFails(expression, /^it comes to more than 256 KB$/);
  });

  it('is bounded for regular expressions that others need for ever for', () => {
    const text = `${'a'.repeat(20_000)}!`;
    comesTo([
      [call(text, 'matches', '(a+)+'), false],
      [call(text, 'matches', '(a|a)*'), false],
      [call(text, 'matches', '(.*a){20}'), false],
    ]);
    assertFails(call(large, 'replaceAll', 'x*y|x', ''), /takes too long on this text/);
    assertFails(call('a', 'matches', '((a{1000}){1000}){1000}'), /it is too long/);
  });

  it('is bounded for its depth', () => {
    let deep: Expression = the(1);
    for (let at = 0; at < 100_000; at += 1) deep = { kind: 'unary', operator: '-', operand: deep };
    assert.deepEqual(evaluate(deep, variables), {
      ok: false,
      failure: 'it is nested too deeply',
    });
  });
});

describe('any expression', () => {
  const words = [
    '__proto__',
    'constructor',
    'prototype',
    'a',
    'toString',
    'length',
    '0',
    '(a*)*',
    '$1',
  ];
  const leaf = fc.oneof(
    fc
      .oneof(fc.constantFrom<Value>(...words, null, true, {}, [], 3), fc.jsonValue())
      .map((value) => the(JSON.parse(JSON.stringify(value)) as Value)),
    fc
      .constantFrom('A', 'SEVEN', '__proto__')
      .map((name): Expression => ({ kind: 'variable', name })),
  );
  const { tree } = fc.letrec<{ tree: Expression }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.record({
        kind: fc.constant('text' as const),
        parts: fc.array(tie('tree'), { maxLength: 3 }),
      }),
      fc.record({
        kind: fc.constant('list' as const),
        items: fc.array(tie('tree'), { maxLength: 3 }),
      }),
      fc.record({
        kind: fc.constant('binary' as const),
        operator: fc.constantFrom<BinaryOperator>(
          '==',
          '<',
          '&&',
          '||',
          '+',
          '-',
          '*',
          '/',
          '%',
          '=~',
        ),
        left: tie('tree'),
        right: tie('tree'),
      }),
      fc.record({ kind: fc.constant('member' as const), of: tie('tree'), key: tie('tree') }),
      fc.record({
        kind: fc.constant('call' as const),
        of: tie('tree'),
        method: fc.constantFrom(...methodNames, ...words, 'valueOf', 'bind', 'call'),
        arguments: fc.array(tie('tree'), { maxLength: 3 }),
      }),
    ),
  }));

  it('comes to plain data, or fails with a clause in words', () => {
    fc.assert(
      fc.property(tree, (expression) => {
        const result = evaluate(expression, variables);
        if (!result.ok) {
          assert.match(result.failure, /^[a-z`].*[^.]$/s);
          return;
        }
        assert.deepEqual(JSON.parse(JSON.stringify(result.value)), result.value);
      }),
      { numRuns: 3_000 },
    );
  });
});
