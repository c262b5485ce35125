import { ByteHold } from '../journal/byte-hold.ts';
import { countNewlines } from '../journal/count-newlines.ts';
import { lineOwner } from '../journal/journal-block.ts';

import type { JournalRecord, OutputRecord } from '../event/event.ts';

const newline = 0x0a;

/** Records one by one, or as many at a time as there are. */
export type Records = AsyncIterable<JournalRecord | readonly JournalRecord[]>;

/** Which lines are wanted, counted from 1. */
export interface LineRange {
  readonly from?: number | undefined;
  readonly count?: number | undefined;
}

export interface LogOptions {
  /** Whose line goes on with the first record. */
  readonly open?: string | undefined;
  /** Each piece of the text is valid only until the next one is asked for. */
  readonly lends?: boolean;
}

/** What one task printed, byte by byte; with `task` absent, what all of them did, each line named. */
export async function* logBytes(
  records: Records,
  task: string | undefined,
  { open, lends = false }: LogOptions = {},
): AsyncGenerator<Buffer> {
  const text = new LogText(task, open, lends ? new ByteHold() : undefined);
  for await (const some of records) {
    const bytes = text.take('type' in some ? [some] : some);
    if (bytes.length > 0) yield bytes;
  }
}

class LogText {
  readonly #task: string | undefined;
  /** Whose line has not ended yet. */
  #open: string | undefined;
  /** Where parts are put together. Absent: in a buffer of their own. */
  readonly #whole: ByteHold | undefined;

  constructor(task: string | undefined, open: string | undefined, whole: ByteHold | undefined) {
    this.#task = task;
    this.#open = open;
    this.#whole = whole;
  }

  take(records: readonly JournalRecord[]): Buffer {
    const parts: Buffer[] = [];
    for (const record of records) {
      if (record.type !== 'output') continue;
      if (this.#task === undefined) this.#name(record, parts);
      else if (record.task === this.#task) parts.push(record.bytes);
    }
    if (parts.length === 1) return parts[0]!;
    const whole = this.#whole;
    if (!whole) return Buffer.concat(parts);
    whole.clear();
    for (const part of parts) whole.add(part);
    return whole.peek();
  }

  #name(record: OutputRecord, parts: Buffer[]): void {
    const owner = lineOwner(record.task, record.stream);
    const goesOn = this.#open === owner;
    if (this.#open !== undefined && !goesOn) parts.push(lineEnd);
    parts.push(nameLines(record, goesOn));
    this.#open = record.bytes.at(-1) === newline ? undefined : owner;
  }
}

const lineEnd = Buffer.from('\n');

// As a Latin-1 string of the bytes: V8 replaces in one as fast as it is copied.
function nameLines({ task, bytes }: OutputRecord, goesOn: boolean): Buffer {
  const name = Buffer.from(`${task} | `).toString('latin1');
  const named = bytes.toString('latin1').replace(/\n/g, `\n${name.replaceAll('$', '$$$$')}`);
  const whole = bytes.at(-1) === newline ? named.slice(0, -name.length) : named;
  return Buffer.from(goesOn ? whole : name + whole, 'latin1');
}

/** Each with its newline, but perhaps the last. */
function* linesOf(bytes: Buffer): Generator<Buffer> {
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf(newline, from);
    const to = end === -1 ? bytes.length : end + 1;
    yield bytes.subarray(from, to);
    from = to;
  }
}

/** Some of the lines of a text that begins after so many line ends. Reads no further than it has to. */
export async function* someLines(
  text: AsyncIterable<Buffer>,
  { from = 1, count = Infinity }: LineRange,
  ended = 0,
): AsyncGenerator<Buffer> {
  if (from === 1 && count === Infinity) {
    yield* text;
    return;
  }
  let line = ended + 1;
  for await (const bytes of text) {
    const next = line + countNewlines(bytes);
    // The line that the next bytes belong to is the first that is not wholly in these.
    if (line >= from && next < from + count) yield bytes;
    else if (next >= from) {
      const wanted = [...numbered(bytes, line)]
        .filter(([number]) => number >= from && number < from + count)
        .map(([, part]) => part);
      if (wanted.length > 0) yield Buffer.concat(wanted);
    }
    line = next;
    if (line >= from + count) return;
  }
}

/** Parts of lines with the numbers of those. */
function* numbered(bytes: Buffer, first: number): Generator<readonly [number, Buffer]> {
  let line = first;
  for (const part of linesOf(bytes)) {
    yield [line, part];
    if (part.at(-1) === newline) line++;
  }
}

/** However long its lines are, the end of a text is hardly longer. */
export const maxTailBytes = 8 * 1_024 * 1_024;

/** The last lines of a text, as far as there is room. */
export async function lastLines(text: AsyncIterable<Buffer>, most: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let added = 0;
  for await (const bytes of text) {
    for (const part of linesOf(bytes)) parts.push(part);
    added += bytes.length;
    // Not for every piece, since each time all that is kept is looked at.
    if (parts.length < 2 * most + 1_000 && added < 2 * maxTailBytes) continue;
    parts.splice(0, beginOfTail(parts, most));
    added = 0;
  }
  return Buffer.concat(parts.slice(beginOfTail(parts, most)));
}

/** Where the last lines begin among parts of lines. */
function beginOfTail(parts: readonly Buffer[], most: number): number {
  let [at, lines, bytes] = [parts.length, 0, 0];
  while (at > 0 && bytes < maxTailBytes) {
    const isEnd = parts[at - 1]!.at(-1) === newline || at === parts.length;
    if (isEnd && ++lines > most) break;
    bytes += parts[--at]!.length;
  }
  return at;
}
