import { fail, ok } from '../base/result.ts';
import { search, TooLong } from './pattern-machine.ts';
import { toProgram } from './pattern-program.ts';
import { maxWeight, tooMuch } from './value.ts';

import type { Result } from '../base/result.ts';
import type { Budget, Match } from './pattern-machine.ts';
import type { Program } from './pattern-program.ts';

// Patterns and texts of expressions are written by anybody. The host's own matcher takes for ever for some of
// them, so they are matched by one whose time grows with the text, and that gives up in the end.

/** About a second of work. */
const maxSteps = 20_000_000;

const programs = new Map<string, Result<Program, string>>();

function programOf(pattern: string): Result<Program, string> {
  const known = programs.get(pattern);
  if (known) return known;
  const made = toProgram(pattern);
  if (programs.size >= 200) programs.clear();
  programs.set(pattern, made);
  return made;
}

/** Does something with a pattern that is one, for as long as it may take. */
function withProgram<T>(
  pattern: string,
  use: (program: Program, budget: Budget) => Result<T, string>,
): Result<T, string> {
  const program = programOf(pattern);
  if (!program.ok) return fail(`its regular expression cannot be used: ${program.failure}`);
  try {
    return use(program.value, { steps: maxSteps });
  } catch (error) {
    if (error instanceof TooLong) return fail('its regular expression takes too long on this text');
    throw error;
  }
}

/** Whether a pattern matches the whole of a text. */
export const matchesWhole = (pattern: string, text: string): Result<boolean, string> =>
  withProgram(pattern, (program, budget) =>
    ok(search(program, text, { from: 0, isWhole: true }, budget) !== undefined),
  );

/** What stands between the matches of a pattern, as `split` of Java's texts has it. */
export const splitAtMatches = (
  text: string,
  pattern: string,
  limit: number,
): Result<readonly string[], string> =>
  withProgram(pattern, (program, budget) => {
    const parts: string[] = [];
    let end = 0;
    for (const match of matchesIn(program, text, budget)) {
      if (limit > 0 && parts.length === limit - 1) break;
      const [from, to] = [match[0]!, match[1]!];
      // A match of nothing at the front parts nothing.
      if (to === 0) continue;
      parts.push(text.slice(end, from));
      end = to;
    }
    if (end === 0 && parts.length === 0) return ok([text]);
    parts.push(text.slice(end));
    while (limit === 0 && parts.length > 1 && parts.at(-1) === '') parts.pop();
    return ok(limit === 0 && parts.length === 1 && parts[0] === '' ? [] : parts);
  });

/** The text with a replacement, in which `$1` is what the first group matched, for one match or all. */
export const replaceMatches = (
  text: string,
  pattern: string,
  by: string,
  which: 'first' | 'all',
): Result<string, string> =>
  withProgram(pattern, (program, budget) => {
    let replaced = '';
    let end = 0;
    for (const match of matchesIn(program, text, budget)) {
      const filled = fillGroups(by, match, program.groups, text);
      if (!filled.ok) return filled;
      replaced += text.slice(end, match[0]) + filled.value;
      end = match[1]!;
      if (replaced.length > maxWeight) return tooMuch;
      if (which === 'first') break;
    }
    replaced += text.slice(end);
    return replaced.length > maxWeight ? tooMuch : ok(replaced);
  });

function* matchesIn(program: Program, text: string, budget: Budget): Generator<Match> {
  for (let from = 0; from <= text.length;) {
    const match = search(program, text, { from, isWhole: false }, budget);
    if (!match) return;
    yield match;
    const [begin, end] = [match[0]!, match[1]!];
    from = end > begin ? end : end + ((text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1);
  }
}

function fillGroups(
  by: string,
  match: Match,
  groups: number,
  text: string,
): Result<string, string> {
  let filled = '';
  for (let at = 0; at < by.length; at += 1) {
    const char = by[at]!;
    if (char === '\\') {
      at += 1;
      filled += by[at] ?? '';
    } else if (char !== '$') filled += char;
    else {
      at += 1;
      const group = /\d/.test(by[at] ?? '') ? Number(by[at]) : groups + 1;
      if (group > groups) return fail('its replacement names a group that is not there');
      filled += text.slice(match[2 * group] ?? 0, match[2 * group + 1] ?? 0);
    }
    if (filled.length > maxWeight) return tooMuch;
  }
  return ok(filled);
}
