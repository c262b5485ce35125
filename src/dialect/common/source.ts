import type { Where } from '../../plan/plan.ts';

/**
 * Offsets into a file's text, from the first character to after the last; and that file, where several
 * are read together.
 */
export type Span = readonly [start: number, end: number, source?: Source | undefined];

/** A stretch of a pipeline file. Columns count UTF-16 units, as editors do; the end is exclusive. */
export interface Range extends Where {
  readonly endLine: number;
  readonly endColumn: number;
  /** As of `Source`. */
  readonly preprocessedBy?: readonly string[];
}

/** The text of a pipeline file, and where its lines start. */
export interface Source {
  readonly file: string;
  readonly text: string;
  readonly lineStarts: readonly number[];
  /** Who made this text out of what the file holds, in that order. Absent: it is the file's own. */
  readonly preprocessedBy?: readonly string[];
}

export function toSource(
  file: string,
  text: string,
  preprocessedBy: readonly string[] = [],
): Source {
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1))
    lineStarts.push(at + 1);
  return { file, text, lineStarts, ...(preprocessedBy.length > 0 && { preprocessedBy }) };
}

/** Where a span stands, in `own` unless it says another. Spans that reach beyond the text are cut to it. */
export function rangeOf(own: Source, [start, end, source = own]: Span): Range {
  const from = positionOf(source, start);
  const to = positionOf(source, Math.max(start, end));
  const { file, preprocessedBy } = source;
  const range = { file, ...from, endLine: to.line, endColumn: to.column };
  return preprocessedBy ? { ...range, preprocessedBy } : range;
}

function positionOf(
  { text, lineStarts }: Source,
  offset: number,
): { line: number; column: number } {
  const inside = Math.min(Math.max(offset, 0), text.length);
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (lineStarts[middle]! <= inside) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: inside - lineStarts[low]! + 1 };
}

/** The text of a line (counted from 1) without its end. Empty when there is no such line. */
export function lineOf({ text, lineStarts }: Source, line: number): string {
  const start = lineStarts[line - 1];
  if (start === undefined) return '';
  return text.slice(start, lineStarts[line] ?? text.length).replace(/\r?\n$|\r$/, '');
}

/** The same text with stars where these spans are, line ends kept: for showing it to people. */
export function withStars(source: Source, spans: readonly Span[]): Source {
  let { text } = source;
  for (const [start, end] of spans)
    text =
      text.slice(0, start) + text.slice(start, end).replaceAll(/[^\r\n]/g, '*') + text.slice(end);
  return { ...source, text };
}
