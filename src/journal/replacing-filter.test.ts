import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { createAutomaton } from './automaton.ts';
import { ReplacingFilter } from './replacing-filter.ts';

/** What the filter promises, in the plainest way: every place of every word, then their union. */
function replacedPlainly(words: readonly string[], text: string): string {
  const covered = new Set<number>();
  for (const word of words)
    for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1))
      for (let index = at; index < at + word.length; index++) covered.add(index);
  return Array.from(text)
    .map((char, at) => (!covered.has(at) ? char : covered.has(at - 1) ? '' : '#'))
    .join('');
}

function filterOf(words: readonly string[], breakable: readonly string[] = []): ReplacingFilter {
  const automatonOf = (some: readonly string[]) =>
    createAutomaton(some.map((word) => Buffer.from(word)));
  return new ReplacingFilter({ whole: automatonOf(words), breakable: automatonOf(breakable) }, () =>
    Buffer.from('#'),
  );
}

function through(filter: ReplacingFilter, pieces: readonly string[]): string {
  const out = pieces.map((piece) => filter.push(Buffer.from(piece)).toString());
  return out.join('') + filter.end().toString();
}

const replaced = (words: readonly string[], pieces: readonly string[]): string =>
  through(filterOf(words), pieces);

const few = (minLength: number, maxLength: number) =>
  fc.string({ minLength, maxLength, unit: fc.constantFrom('a', 'b') });

it('replaces every word, and those that overlap or touch as one', () => {
  fc.assert(
    fc.property(
      fc.array(few(1, 5), { minLength: 1, maxLength: 4 }),
      fc.array(few(0, 6), { maxLength: 8 }),
      (words, pieces) => {
        assert.equal(replaced(words, pieces), replacedPlainly(words, pieces.join('')));
      },
    ),
    { numRuns: 1_000 },
  );
});

it('finds long words, whose states have no row of their own', () => {
  fc.assert(
    fc.property(
      fc.array(few(150, 200), { minLength: 20, maxLength: 20 }),
      fc.array(fc.tuple(fc.nat(19), fc.nat(200), fc.boolean()), { maxLength: 8 }),
      (words, parts) => {
        // Whole words, and beginnings of words that go over into other words.
        const pieces = parts.map(([which, length, whole]) =>
          whole ? words[which]! : words[which]!.slice(0, length),
        );
        assert.equal(replaced(words, pieces), replacedPlainly(words, pieces.join('')));
      },
    ),
    { numRuns: 30 },
  );
});

describe('a word that line ends may break', () => {
  const words = fc.array(few(5, 12), { minLength: 1, maxLength: 3 });

  it('is replaced with them', () => {
    fc.assert(
      fc.property(
        words,
        fc.nat(),
        fc.array(fc.integer({ min: 4, max: 11 })),
        (all, nth, breaks) => {
          const broken = Array.from(all[nth % all.length]!, (char, at) =>
            breaks.includes(at) ? `\n${char}` : char,
          );
          assert.equal(through(filterOf(all, all), [`..${broken.join('')}..`]), '..#..');
        },
      ),
    );
  });

  it('is replaced the same wherever it is cut', () => {
    const piece = fc.string({ maxLength: 6, unit: fc.constantFrom('a', 'b', 'a', 'b', '\n', '.') });
    fc.assert(
      fc.property(words, few(5, 12), fc.array(piece, { maxLength: 10 }), (all, other, pieces) => {
        const filter = (): ReplacingFilter => filterOf([...all, other], all);
        assert.equal(through(filter(), pieces), through(filter(), [pieces.join('')]));
      }),
      { numRuns: 2_000 },
    );
  });

  it('holds no line back that ends like its first bytes, but is replaced behind them', () => {
    const filter = filterOf(['abcdefgh'], ['abcdefgh']);
    assert.equal(filter.push(Buffer.from('crab\n')).toString(), 'crab\n');
    assert.equal(filter.push(Buffer.from('cdef\n')).toString(), '');
    assert.equal(filter.push(Buffer.from('gh.')).toString(), '#.');
  });

  it('holds no empty lines back', () => {
    const filter = filterOf(['abcdefgh'], ['abcdefgh']);
    assert.equal(filter.push(Buffer.from('abcde\n')).toString(), '');
    assert.equal(filter.push(Buffer.from('\n')).toString(), 'abcde\n\n');
    assert.equal(filter.push(Buffer.from('\n')).toString(), '\n');
  });
});
