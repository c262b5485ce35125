import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { matchesWhole, replaceMatches, splitAtMatches } from './linear-pattern.ts';

const matches = (pattern: string, text: string): boolean => {
  const result = matchesWhole(pattern, text);
  assert.ok(result.ok, `${pattern}: ${JSON.stringify(result)}`);
  return result.value;
};

describe('a regular expression', () => {
  it('means what it means in Java', () => {
    for (const [pattern, text, expected] of [
      ['', '', true],
      ['a|ab', 'ab', true],
      ['v\\d+\\.\\d{1,2}', 'v12.34', true],
      ['v\\d+\\.\\d{1,2}', 'v12.345', false],
      ['[^a-c]+', 'xyz', true],
      ['[]a-]+', 'a-]', true],
      ['[\\w.-]+', 'a_1.b-c', true],
      ['[^\\d\\s]+', 'a b', false],
      ['(?i)main', 'MaIn', true],
      ['(?s)a.b', 'a\nb', true],
      ['a.b', 'a\nb', false],
      ['.', '\u{1f600}', true],
      ['\\bfoo\\b.*', 'foo bar', true],
      ['a{2}', 'aa', true],
      ['a{2,}', 'a', false],
      ['(?:ab)*?', 'abab', true],
      ['(?<year>\\d{4})-\\d\\d', '2026-11', true],
      ['\\u0061\\x62\\t', 'ab\t', true],
      ['\\p{Alpha}\\P{Alpha}', 'a1', true],
      ['\\$\\{x\\}', '${x}', true],
      ['^a$', 'a', true],
    ] as const)
      assert.equal(matches(pattern, text), expected, `${pattern} on ${text}`);
  });

  it('is refused in words when it is none, or asks for what takes more than its time', () => {
    for (const [pattern, problem] of [
      ['(', 'a `(` is not closed'],
      [')', 'a `)` closes nothing'],
      ['[a', 'a `[` is not closed'],
      ['*', 'nothing stands before `*`; as a character it is written `\\*`'],
      ['a{3,2}', '`{3,2}` is no count, or above 1000'],
      ['a**', 'one quantifier stands behind another'],
      ['a++', 'possessive quantifiers are not known here'],
      ['(a)\\1', 'what a group has matched cannot be asked for here'],
      ['(?=a)', 'groups that look around, and flags that are not at the front, are not known here'],
      ['\\y', '`\\y` is not known here'],
      ['a\\', 'a `\\` stands at the end'],
      ['[b-a]', 'a range of a class ends before it begins'],
    ] as const)
      assert.deepEqual(matchesWhole(pattern, 'a'), {
        ok: false,
        failure: `its regular expression cannot be used: ${problem}`,
      });
  });
});

describe('any regular expression that both know', () => {
  const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
    pattern: fc.oneof(
      { depthSize: 'small', maxDepth: 4 },
      fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '^', '$', '\\b', ''),
      fc.tuple(tie('pattern'), tie('pattern')).map(([one, other]) => one + other),
      fc.tuple(tie('pattern'), tie('pattern')).map(([one, other]) => `(${one}|${other})`),
      fc
        .tuple(
          fc.constantFrom('a', 'b', '(ab)', '(a|b)', '[^b]'),
          fc.constantFrom('*', '+', '?', '{1,2}', '*?', '+?', '??'),
        )
        .map(([one, quantifier]) => one + quantifier),
    ),
  }));
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '1', ' '), maxLength: 8 });

  it('finds what the matcher of the host finds', () => {
    fc.assert(
      fc.property(pattern, text, (written, subject) => {
        const host = new RegExp(written, 'gu');
        assert.equal(matches(written, subject), new RegExp(`^(?:${written})$`, 'u').test(subject));
        assert.deepEqual(replaceMatches(subject, written, '<$0>', 'all'), {
          ok: true,
          value: subject.replace(host, (found) => `<${found}>`),
        });
      }),
      { numRuns: 3_000 },
    );
  });

  it('is taken or refused, whatever it is, and ends', () => {
    const junk = fc.string({ unit: fc.constantFrom(...'ab(|)[]{}*+?\\^$-.,12&:<ips'.split('')) });
    fc.assert(
      fc.property(junk, text, (written, subject) => {
        matchesWhole(written, subject);
        splitAtMatches(subject, written, 0);
        replaceMatches(subject, written, written, 'all');
      }),
      { numRuns: 3_000 },
    );
  });
});
