import assert from 'node:assert/strict';
import { it } from 'node:test';

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

function replaced(words: readonly string[], pieces: readonly string[]): string {
  const automaton = createAutomaton(words.map((word) => Buffer.from(word)));
  const filter = new ReplacingFilter(automaton, () => Buffer.from('#'));
  const out = pieces.map((piece) => filter.push(Buffer.from(piece)).toString());
  return out.join('') + filter.end().toString();
}

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
