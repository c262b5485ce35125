import { fail, ok } from '../base/result.ts';
import { plain } from './arguments.ts';
import { matchesWhole, replaceMatches, splitAtMatches } from './linear-pattern.ts';
import { bounded, maxWeight, tooMuch } from './value.ts';

import type { Result } from '../base/result.ts';
import type { Value } from '../plan/expression.ts';
import type { Arguments, Method, Methods } from './arguments.ts';

/** A method that takes one text and cannot go wrong. */
const withText = (run: (of: string, other: string) => Value): Method<string> => ({
  takes: ['text'],
  run: (of, given) => ok(run(of, given.text(0))),
});

/** One that looks for a text, perhaps from a place on. */
const search = (run: (of: string, other: string, from?: number) => number): Method<string> => ({
  takes: ['text', 'whole'],
  optional: 1,
  run: (of, given) => ok(run(of, given.text(0), given.whole(1))),
});

const replacing = (
  run: (of: string, given: Arguments) => Result<Value, string>,
): Method<string> => ({
  takes: ['text', 'text'],
  run,
});

/** What texts can be asked for: what Java's have under the same names, and means the same. */
export const textMethods: Methods<string> = new Map<string, Method<string>>([
  ['toString', plain((of) => of)],
  ['length', plain((of) => of.length)],
  ['size', plain((of) => of.length)],
  ['isEmpty', plain((of) => of === '')],
  ['isBlank', plain((of) => of.trim() === '')],
  ['trim', plain((of) => of.trim())],
  ['strip', plain((of) => of.trim())],
  ['stripLeading', plain((of) => of.trimStart())],
  ['stripTrailing', plain((of) => of.trimEnd())],
  ['toLowerCase', plain((of) => of.toLowerCase())],
  ['toUpperCase', { takes: [], run: (of) => bounded(of.toUpperCase()) }],
  ['contains', withText((of, other) => of.includes(other))],
  ['startsWith', withText((of, other) => of.startsWith(other))],
  ['endsWith', withText((of, other) => of.endsWith(other))],
  ['equals', { takes: ['any'], run: (of, given) => ok(of === given.any(0)) }],
  ['equalsIgnoreCase', withText((of, other) => of.toLowerCase() === other.toLowerCase())],
  ['compareTo', withText((of, other) => (of < other ? -1 : of > other ? 1 : 0))],
  ['concat', { takes: ['text'], run: (of, given) => bounded(of + given.text(0)) }],
  ['indexOf', search((of, other, from) => of.indexOf(other, from))],
  ['lastIndexOf', search((of, other, from) => of.lastIndexOf(other, from))],
  ['substring', { takes: ['whole', 'whole'], optional: 1, run: substring }],
  ['charAt', { takes: ['whole'], run: charAt }],
  ['repeat', { takes: ['whole'], run: repeat }],
  ['matches', { takes: ['text'], run: (of, given) => matchesWhole(given.text(0), of) }],
  ['split', { takes: ['text', 'whole'], optional: 1, run: split }],
  ['replace', replacing((of, given) => replaceText(of, given.text(0), given.text(1)))],
  ['replaceAll', replacing((of, given) => replaceMatches(of, given.text(0), given.text(1), 'all'))],
  [
    'replaceFirst',
    replacing((of, given) => replaceMatches(of, given.text(0), given.text(1), 'first')),
  ],
]);

function substring(of: string, given: Arguments): Result<string, string> {
  const begin = given.whole(0)!;
  const end = given.whole(1) ?? of.length;
  return begin < 0 || end > of.length || begin > end
    ? fail(`\`substring\` asks for ${begin} to ${end} of a text of ${of.length}`)
    : ok(of.slice(begin, end));
}

function charAt(of: string, given: Arguments): Result<string, string> {
  const char = of[given.whole(0)!];
  return char === undefined
    ? fail(`\`charAt\` asks for ${given.whole(0)!} of a text of ${of.length}`)
    : ok(char);
}

function repeat(of: string, given: Arguments): Result<string, string> {
  const count = given.whole(0)!;
  if (count < 0) return fail('`repeat` cannot repeat a text less than no times');
  if (of === '') return ok('');
  return of.length * count > maxWeight ? tooMuch : ok(of.repeat(count));
}

/** With the end of Java's: empty texts at the end are left away, unless a limit other than 0 is given. */
function split(of: string, given: Arguments): Result<Value, string> {
  const parts = splitAtMatches(of, given.text(0), given.whole(1) ?? 0);
  return parts.ok ? bounded(parts.value) : parts;
}

function replaceText(of: string, old: string, by: string): Result<string, string> {
  const count = old === '' ? of.length + 1 : of.split(old).length - 1;
  return of.length + count * (by.length - old.length) > maxWeight
    ? tooMuch
    : ok(of.replaceAll(old, () => by));
}
