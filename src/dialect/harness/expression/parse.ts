import { convert } from './convert.ts';
import { parse } from './grammar.ts';
import { conceal, concealed } from './stand-ins.ts';
import { NoExpression } from './no-expression.ts';

import type { Parsed, Problem, Source } from './parsed.ts';
import type { Region } from './scan.ts';

const maxLength = 16_384;
const maxNested = 30;
const maxKnown = 10_000;

const known = new Map<string, Source>();

/** A source and the expressions within it. */
export interface Written {
  readonly source: string;
  readonly inside: readonly Region[];
  /** Where the source begins in the text that the regions are of. */
  readonly begin: number;
  /** It stands in no `<+…>` of its own. */
  readonly isBare?: true;
}

/** Parses a source, once: the same ones come again and again. */
export function parseSource(written: Written, depth = 0): Source {
  const { source, isBare } = written;
  // Quotes mean nothing outside of expressions, so that what stands within the same text may differ.
  const key = isBare ? `\0${source}` : source;
  const before = known.get(key);
  if (before) return before;
  const parsed = parseAnew(written, depth);
  if (known.size >= maxKnown) known.clear();
  if (depth <= 1) known.set(key, parsed);
  return parsed;
}

const simplePath = /^\s*[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+\s*$/;

const simpleSecret = /^secrets\.getValue\(("|')([\w.-]+)\1\)$/;

function parseAnew(written: Written, depth: number): Source {
  const { source } = written;
  const whole = { at: 0, length: source.length };
  const no = (problem: string): Source => ({ ok: false, failure: { ...whole, problem } });
  if (source.trim() === '') return no('an expression is empty');
  if (source.length > maxLength) return no(`an expression has ${maxLength} characters at most`);
  if (depth > maxNested) return no('expressions are nested too deeply');
  // Nearly all are of these two kinds.
  if (simplePath.test(source)) return { ok: true, value: pathOf(source) };
  const secret = simpleSecret.exec(source);
  if (secret) {
    const id = { kind: 'value', value: secret[2]! } as const;
    return { ok: true, value: { kind: 'secret', place: whole, id } };
  }
  const stray = concealed.exec(source);
  if (stray)
    return {
      ok: false,
      failure: { at: stray.index, length: 1, problem: 'this character stands in no expression' },
    };
  const nested = written.inside.map(({ start, end, inside }): Parsed => {
    const begin = start + 2;
    const inner = source.slice(begin - written.begin, end - 1 - written.begin);
    return {
      kind: 'nested',
      place: { at: start - written.begin, length: end - start },
      source: parseSource({ source: inner, inside, begin }, depth + 1),
    };
  });
  const clear = conceal(written);
  try {
    return { ok: true, value: convert(parse(clear), clear, nested) };
  } catch (error) {
    return { ok: false, failure: problemOf(error, source, clear) };
  }
}

function pathOf(source: string): Parsed {
  const path = source.trim();
  const plain = path.split('.');
  return {
    kind: 'path',
    place: { at: source.indexOf(path), length: path.length },
    segments: plain.map((value) => ({ kind: 'value', value })),
    plain,
  };
}

function problemOf(error: unknown, source: string, clear: string): Problem {
  if (error instanceof NoExpression) return error.problem;
  if (error instanceof RangeError)
    return { at: 0, length: source.length, problem: 'an expression is nested too deeply' };
  if (!(error instanceof Error) || !('index' in error) || typeof error.index !== 'number')
    throw error;
  const at = Math.min(error.index, source.length - 1);
  const isAtEnd = error.index >= source.length;
  return { at, length: 1, ...wordsFor(error.message, isAtEnd ? '' : clear[at]!) };
}

/** What the parser of expressions says, in words for those who write them. */
function wordsFor(message: string, char: string): Omit<Problem, 'at' | 'length'> {
  const [, operator] = /^Expected expression after (\S+)/.exec(message) ?? [];
  if (message.startsWith('Unclosed quote')) return { problem: 'a quote is not closed' };
  const [, bracket] = /^Unclosed ([([])/.exec(message) ?? [];
  if (bracket !== undefined) return { problem: `\`${bracket}\` is not closed` };
  if (char === '=') return { problem: '`=` is no operator', hint: 'write `==` to compare' };
  if (char === '&' || char === '|')
    return { problem: `\`${char}\` is no operator`, hint: `write \`${char}${char}\`` };
  if (operator !== undefined) return { problem: `no value stands behind \`${operator}\`` };
  if (char === '') return { problem: 'an expression ends too early' };
  return {
    problem: `\`${concealed.test(char) ? '<+' : char}\` cannot stand here in an expression`,
  };
}
