import { styleText } from 'node:util';

import { columnsOf } from '../../base/columns.ts';
import { inOrder } from './diagnostic.ts';
import { lineOf } from './source.ts';
import { printable, sliceColumns, wrap } from './width.ts';

import type { Diagnostic } from './diagnostic.ts';
import type { Range, Source } from './source.ts';

export interface RenderOptions {
  readonly color: boolean;
  /** Columns of the terminal: longer lines of a file are cut, and hints wrapped. */
  readonly width: number;
}

type Paint = (style: 'red' | 'yellow' | 'cyan' | 'dim' | 'bold', text: string) => string;

/**
 * Diagnostics for people, each with the line it is about and what it means there underlined, in
 * the order of the file; the last line counts them. Empty when there are none. `sourceOf` gives
 * what was read of a file, when anything was.
 */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  sourceOf: (file: string) => Source | undefined,
  { color, width }: RenderOptions,
): string {
  if (diagnostics.length === 0) return '';
  const paint: Paint = (style, text) =>
    color ? styleText(style, text, { validateStream: false }) : text;
  const page: Page = { sourceOf, paint, width: Math.max(width, 40) };
  const blocks = inOrder(diagnostics).map((diagnostic) => block(diagnostic, page).join('\n'));
  return `${[...blocks, closing(diagnostics, paint)].join('\n\n')}\n`;
}

interface Page {
  readonly sourceOf: (file: string) => Source | undefined;
  readonly paint: Paint;
  readonly width: number;
}

function block(diagnostic: Diagnostic, page: Page): readonly string[] {
  const { severity, message, where, hint, related = [] } = diagnostic;
  const { paint } = page;
  const style = severity === 'error' ? 'red' : 'yellow';
  const hints = hint === undefined ? [] : wrap(printable(hint), page.width - 4);
  return [
    `${place(where, page)}  ${paint(style, severity)}  ${paint('bold', printable(message))}`,
    ...excerpt(where, style, page),
    ...hints.map((line) => `    ${line}`),
    ...related.flatMap((other) => [
      `    ${place(other.where, page)}  ${printable(other.message)}`,
      ...excerpt(other.where, 'cyan', page),
    ]),
  ];
}

/** The name alone for a file that could not be read. */
function place({ file, line, column, preprocessedBy }: Range, { sourceOf, paint }: Page): string {
  const name = printable(file);
  const by = preprocessedBy?.map((each) => `'${printable(each)}'`).join(', ');
  const after = by === undefined ? '' : ` after preprocessing by ${by}`;
  return paint('cyan', sourceOf(file) ? `${name}:${line}:${column}` : name) + after;
}

const gutterColumns = 8;

function excerpt(where: Range, style: 'red' | 'yellow' | 'cyan', page: Page): readonly string[] {
  const source = page.sourceOf(where.file);
  const whole = source && lineOf(source, where.line);
  if (whole === undefined || whole.trim() === '') return [];
  // Of a very long line, only what may be shown is worth looking at.
  const cut = Math.max(0, where.column - 1 - page.width);
  const line = whole.slice(cut, cut + 2 * page.width);
  const end = where.endLine > where.line ? line.trimEnd().length : where.endColumn - 1 - cut;
  const shown = printable(line);
  const from = columnsOf(printable(line.slice(0, where.column - 1 - cut)));
  const to = Math.max(columnsOf(printable(line.slice(0, end))), from + 1);
  const seen = windowAround(shown, from, page.width - gutterColumns - 2);
  const until = Math.min(to, seen.from + columnsOf(seen.text));
  const tildes = '~'.repeat(Math.max(until - from, 1));
  const { paint } = page;
  return [
    `${paint('dim', `${String(where.line).padStart(gutterColumns - 3)} │`)} ${seen.text}`,
    `${paint('dim', `${' '.repeat(gutterColumns - 3)} │`)} ${' '.repeat(from - seen.from)}${paint(style, tildes)}`,
  ];
}

/** The part of a line that is shown: all of it when there is room, else what is near a column. */
function windowAround(line: string, column: number, room: number): { text: string; from: number } {
  const all = columnsOf(line);
  if (all <= room) return { text: line.trimEnd(), from: 0 };
  const from = Math.max(0, Math.min(column - Math.floor(room / 3), all - room));
  const text = sliceColumns(line, from, from + room);
  const cutLeft = from > 0 ? `…${sliceColumns(line, from + 1, from + room)}` : text;
  return {
    text: from + room < all ? `${sliceColumns(cutLeft, 0, room - 1)}…` : cutLeft.trimEnd(),
    from,
  };
}

function closing(diagnostics: readonly Diagnostic[], paint: Paint): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const warnings = diagnostics.length - errors;
  const counts = [
    ...(errors > 0 ? [paint('red', counted(errors, 'error'))] : []),
    ...(warnings > 0 ? [paint('yellow', counted(warnings, 'warning'))] : []),
  ];
  return counts.join(', ');
}

const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`;
