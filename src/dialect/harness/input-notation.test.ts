import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { asInput, isInput, parseInput, whyNotGiven } from './input-notation.ts';

const notationOf = (written: string) => {
  const parsed = parseInput(written);
  assert.ok(parsed.ok, parsed.ok ? '' : parsed.failure);
  return parsed.value;
};

const problemOf = (written: string) => {
  const parsed = parseInput(written);
  assert.ok(!parsed.ok);
  return parsed.failure;
};

describe('the notation of inputs', () => {
  it('asks for anything, alone', () => assert.deepEqual(notationOf('<+input>'), {}));

  it('has its words in any order', () => {
    const notation = { fallback: 'a', allowed: ['a', 'b'], isLate: true as const };
    assert.deepEqual(
      notationOf('<+input>.default(a).allowedValues(a,b).executionInput()'),
      notation,
    );
    assert.deepEqual(
      notationOf('<+input>.executionInput().allowedValues(a, b).default(a)'),
      notation,
    );
  });

  it('takes a comma as a part of a value between its quotes', () =>
    assert.deepEqual(notationOf(String.raw`<+input>.allowedValues(\'a,b\',c)`).allowed, [
      'a,b',
      'c',
    ]));

  it('lets a regular expression have parentheses of its own', () =>
    assert.deepEqual(notationOf('<+input>.regex(^(v|V)(\\d+)$).default(v1)'), {
      pattern: '^(v|V)(\\d+)$',
      fallback: 'v1',
    }));

  it('takes one, or several', () => {
    assert.equal(notationOf('<+input>.selectOneFrom(a,b)').isMany, undefined);
    assert.equal(notationOf('<+input>.selectManyFrom(a,b)').isMany, true);
  });

  for (const [written, problem] of [
    ['<+input>-alpine', /always the whole/],
    ['<+input>.defualt(1)', /where only `\.default/],
    ['<+input>.default(1', /no `\)`/],
    ['<+input>.default()', /nothing in/],
    ['<+input>.executionInput(now)', /something in/],
    ['<+input>.regex([)', /refused/],
    ['<+input>.default(c).allowedValues(a,b)', /default that is not one of a, b/],
    ['<+input>.default(c).regex(\\d+)', /default that is not a text that matches/],
  ] as const)
    it(`refuses ${written}`, () => assert.match(problemOf(written), problem));

  it('never throws, whatever follows', () =>
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from(".(),\\'abdefault<+>regx$^")) }),
        (rest) => {
          parseInput(`<+input>${rest}`);
          parseInput(`<+input>.allowedValues(${rest})`);
          parseInput(`<+input>.regex(${rest})`);
        },
      ),
    ));
});

describe('what may be given', () => {
  it('is one of what is allowed, or several of them', () => {
    const allowed = ['a', 'b'];
    assert.equal(whyNotGiven({ allowed }, 'a'), undefined);
    assert.equal(whyNotGiven({ allowed }, 'a,b'), 'one of a, b');
    assert.equal(whyNotGiven({ allowed, isMany: true }, 'a,b'), undefined);
    assert.equal(whyNotGiven({ allowed, isMany: true }, 'a,c'), 'some of a, b');
  });

  it('matches the whole of a regular expression', () => {
    assert.equal(whyNotGiven({ pattern: 'v\\d+' }, 'v12'), undefined);
    assert.match(whyNotGiven({ pattern: 'v\\d+' }, 'v12-rc') ?? '', /matches/);
  });

  it('is anything where an expression says what is allowed, or is given', () => {
    assert.equal(whyNotGiven({ allowed: ['<+pipeline.variables.x>'] }, 'z'), undefined);
    assert.equal(whyNotGiven({ allowed: ['a'] }, '<+pipeline.variables.x>'), undefined);
  });
});

it('an input that is asked for in turn says the same', () => {
  for (const written of [
    '<+input>',
    '<+input>.default(a).allowedValues(a,b)',
    String.raw`<+input>.selectManyFrom(\'a,b\',c)`,
    '<+input>.default(v1).regex(v\\d).executionInput()',
  ])
    assert.equal(asInput({}, notationOf(written)), written);
  assert.equal(
    asInput(
      notationOf('<+input>.default(a).allowedValues(a,b)'),
      notationOf('<+input>.default(b)'),
    ),
    '<+input>.default(b).allowedValues(a,b)',
  );
});

it('a text that only holds it asks for nothing', () => assert.ok(!isInput('echo <+input>')));
