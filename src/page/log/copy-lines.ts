import { askJson } from '../api/ask.ts';
import { fail, ok } from '../../base/result.ts';
import { textOf } from './ansi.ts';
import { logPath } from './log-path.ts';

import type { Refusal } from '../api/ask.ts';
import type { Result } from '../../base/result.ts';
import type { LinesAnswer, LogLine } from './kept-lines.ts';
import type { LineRange } from './line-range.ts';
import type { LogOf } from './log-path.ts';

/** More than that is what the plain text is for. */
const mostLines = 10_000;

/** Copies lines, without colours. Answers how many they were. */
export async function copyLines(log: LogOf, range: LineRange): Promise<Result<number, Refusal>> {
  const lines: LogLine[] = [];
  const last = Math.min(range.last, range.first + mostLines - 1);
  for (let from = range.first; from <= last; from = lines.at(-1)!.n + 1) {
    const path = logPath(log, '/lines', { from, count: last - from + 1 });
    const asked = await askJson<LinesAnswer>(path);
    if (!asked.ok) return asked;
    if (asked.value.lines.length === 0) break;
    lines.push(...asked.value.lines);
  }
  const text = lines.map((line) => `${textOf(line.text)}\n`).join('');
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Elsewhere than on this machine it is there with TLS only.
    return fail({ status: 0, words: 'This browser lets nothing be copied by a button here.' });
  }
  return ok(lines.length);
}
