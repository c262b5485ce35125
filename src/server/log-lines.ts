import { readSpans } from '../journal/read-spans.ts';
import { Cleaner } from '../report/clean.ts';
import { LineCutter } from './line-cutter.ts';

import type { OutputRecord } from '../event/event.ts';
import type { JournalIndex } from '../journal/journal-index.ts';
import type { RawLine } from './line-cutter.ts';

/** One line as it is shown: of all that controls a terminal, colours are left. */
export interface LogLine {
  /** Counted from 1, as in the plain text. */
  readonly n: number;
  readonly at: number;
  readonly task: string;
  readonly stream: OutputRecord['stream'];
  readonly text: string;
  /** It is longer than this. */
  readonly cut?: true;
}

/** Some lines, and how many there are of them. */
export interface LogLines {
  readonly lines: readonly LogLine[];
  readonly total: number;
}

export interface LinesWanted {
  /** Absent: all of them. */
  readonly task: string | undefined;
  readonly from: number;
  readonly count: number;
  readonly signal: AbortSignal;
}

/** So many lines before the first one are looked at for colours that are still on there. */
const lead = 200;

/** Longer texts are given in several answers. */
const maxTextLength = 4 * 1_024 * 1_024;

/**
 * Lines of a log, perhaps fewer than are wanted, but one at least where there are any. To be called at once after an
 * update of the index: only what is near them is read.
 */
export async function readLines(
  { path, blocks }: JournalIndex,
  { task, from, count, signal }: LinesWanted,
): Promise<LogLines> {
  const text = blocks.text(task);
  const total = text.lines;
  const place = text.placeOf(Math.max(1, from - lead));
  const cutter = new LineCutter(task, (n) => n >= from - lead && n < from + count, place);
  const cleaners = new Map<string, Cleaner>();
  const lines: LogLine[] = [];
  let length = 0;
  const take = (raw: RawLine): void => {
    if (length > maxTextLength) return;
    const line = clean(cleaners, raw);
    if (line.n < from) return;
    length += line.text.length;
    lines.push(line);
  };
  if (from > total) return { lines, total };
  for await (const records of readSpans(path, text.spans(place), { signal })) {
    for (const record of records)
      if (record.type === 'output' && !cutter.skipBefore(from - lead, record))
        cutter.add(record).forEach(take);
    if (cutter.total >= from + count || length > maxTextLength) return { lines, total };
  }
  cutter.rest().forEach(take);
  return { lines, total };
}

function clean(cleaners: Map<string, Cleaner>, raw: RawLine): LogLine {
  const { n, at, task, stream, bytes, cut } = raw;
  const whose = `${stream} ${task}`;
  const cleaner = cleaners.get(whose) ?? new Cleaner(true);
  cleaners.set(whose, cleaner);
  return { n, at, task, stream, text: textOf(bytes, cleaner), ...(cut && { cut }) };
}

/** The text of a whole line. */
export const textOf = (bytes: Buffer, cleaner: Cleaner): string =>
  cleaner.take(Buffer.concat([bytes, lineEnd])).slice(0, -1);

const lineEnd = Buffer.from('\n');
