import { compilePattern } from '../../base/pattern.ts';
import { fail, ok } from '../../base/result.ts';

import type { Result } from '../../base/result.ts';

/** What is asked for by `<+input>`, and what is said after it. */
export interface InputNotation {
  /** What is taken when nothing is given. */
  readonly fallback?: string;
  /** What it may be. */
  readonly allowed?: readonly string[];
  /** Several of `allowed` may be given, parted by commas. */
  readonly isMany?: true;
  /** A regular expression that matches the whole of it. */
  readonly pattern?: string;
  /** It is wanted when its place is reached. */
  readonly isLate?: true;
}

/** Whether a text asks for an input, rightly or not. */
export const isInput = (text: string): boolean => /^\s*<\+input>/.test(text);

/** Whether an input is asked for somewhere in a text. */
export const holdsInput = (text: string): boolean => text.includes('<+input>');

const words = [
  'default',
  'allowedValues',
  'selectOneFrom',
  'selectManyFrom',
  'regex',
  'executionInput',
] as const;

const link = new RegExp(`^\\.(${words.join('|')})\\(`);

/** What a text that `isInput` asks for. A failure is what is wrong with it, as a clause about it. */
export function parseInput(written: string): Result<InputNotation, string> {
  let rest = written.trim().slice('<+input>'.length);
  let notation: InputNotation = {};
  while (rest !== '') {
    const match = link.exec(rest);
    if (!match)
      return fail(
        rest.startsWith('.')
          ? `has \`${rest}\` after \`<+input>\`, where only ${words.map((word) => `\`.${word}(…)\``).join(', ')} can stand`
          : `goes on after \`<+input>\`, which is always the whole of a value`,
      );
    const [before, word] = match as unknown as [string, (typeof words)[number]];
    const length = argumentLength(rest.slice(before.length));
    if (length === undefined) return fail(`has no \`)\` for \`.${word}(\``);
    const argument = rest.slice(before.length, before.length + length);
    if ((argument === '') !== (word === 'executionInput'))
      return fail(
        argument === '' ? `has nothing in \`.${word}()\`` : `has something in \`.${word}()\``,
      );
    notation = { ...notation, ...said(word, argument) };
    rest = rest.slice(before.length + length + 1);
  }
  const wrong = whyWrong(notation);
  return wrong === undefined ? ok(notation) : fail(wrong);
}

/** Up to the first `)` after which the notation can go on, or ends: a regular expression has some of its own. */
function argumentLength(rest: string): number | undefined {
  for (let at = rest.indexOf(')'); at !== -1; at = rest.indexOf(')', at + 1)) {
    const after = rest.slice(at + 1);
    if (after === '' || link.test(after)) return at;
  }
  return undefined;
}

function said(word: (typeof words)[number], argument: string): InputNotation {
  switch (word) {
    case 'default':
      return { fallback: unquoted(argument) };
    case 'allowedValues':
    case 'selectOneFrom':
      return { allowed: listOf(argument) };
    case 'selectManyFrom':
      return { allowed: listOf(argument), isMany: true };
    case 'regex':
      return { pattern: argument };
    case 'executionInput':
      return { isLate: true };
  }
}

/** Commas part the values, unless they stand within `\'…\'`, or within an expression. */
const listOf = (argument: string): readonly string[] =>
  [...argument.matchAll(/(?:\\'.*?\\'|<\+.*?>|[^,])+/gs)].map(([part]) => unquoted(part.trim()));

const unquoted = (text: string): string => /^\\'(.*)\\'$/s.exec(text)?.[1] ?? text;

function whyWrong({ fallback, pattern, ...notation }: InputNotation): string | undefined {
  const compiled = pattern === undefined ? undefined : compilePattern(pattern);
  if (compiled && !compiled.ok)
    return `has a regular expression that is refused: ${compiled.failure}`;
  if (fallback === undefined || fallback.includes('<+')) return undefined;
  const wrong = whyNotGiven({ ...notation, ...(pattern !== undefined && { pattern }) }, fallback);
  return wrong === undefined ? undefined : `has a default that is not ${wrong}`;
}

/** What is expected of what is given, when this is not it. Expressions can be anything. */
export function whyNotGiven(notation: InputNotation, text: string): string | undefined {
  if (text.includes('<+')) return undefined;
  const { allowed = [], pattern, isMany } = notation;
  const texts = isMany && allowed.length > 0 ? listOf(text) : [text];
  const isOpen = allowed.length === 0 || allowed.some((one) => one.includes('<+'));
  const fits = isOpen || texts.every((one) => allowed.includes(one));
  return fits && matches(pattern, text) ? undefined : expectedOf(notation);
}

function matches(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  const compiled = compilePattern(`^(?:${pattern})$`);
  return compiled.ok && compiled.value.test(text);
}

/** What may be given, in words. Absent: anything. */
export function expectedOf({ allowed, isMany, pattern }: InputNotation): string | undefined {
  const parts = [
    ...(allowed ? [`${isMany ? 'some' : 'one'} of ${allowed.join(', ')}`] : []),
    ...(pattern === undefined ? [] : [`a text that matches \`${pattern}\``]),
  ];
  return parts.length > 0 ? parts.join(' and ') : undefined;
}

/** The notation of an input whose user asks for it in turn: what the user says of it wins. */
export function asInput(own: InputNotation, above: InputNotation): string {
  const { fallback, allowed, isMany, pattern, isLate } = { ...own, ...above };
  const parted = allowed?.map((one) => (one.includes(',') ? `\\'${one}\\'` : one)).join(',');
  return [
    '<+input>',
    ...(fallback === undefined ? [] : [`.default(${fallback})`]),
    ...(parted === undefined ? [] : [`.${isMany ? 'selectManyFrom' : 'allowedValues'}(${parted})`]),
    ...(pattern === undefined ? [] : [`.regex(${pattern})`]),
    ...(isLate ? ['.executionInput()'] : []),
  ].join('');
}
