import { ByteText } from '../base/byte-text.ts';
import { countNewlines } from '../base/count-newlines.ts';
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
  const text = new LogText(task, open, lends);
  for await (const some of records) {
    const bytes = text.take('type' in some ? [some] : some);
    if (bytes.length > 0) yield bytes;
  }
}

class LogText {
  readonly #task: string | undefined;
  /** Whose line has not ended yet. */
  #open: string | undefined;
  readonly #lends: boolean;
  readonly #text = new ByteText();

  constructor(task: string | undefined, open: string | undefined, lends: boolean) {
    this.#task = task;
    this.#open = open;
    this.#lends = lends;
  }

  take(records: readonly JournalRecord[]): Buffer {
    const said = records.filter(
      (record) =>
        record.type === 'output' && (this.#task === undefined || record.task === this.#task),
    ) as OutputRecord[];
    if (this.#task !== undefined && said.length === 1) return said[0]!.bytes;
    this.#text.clear();
    for (const record of said) {
      if (this.#task === undefined) this.#name(record);
      else this.#text.add(record.bytes);
    }
    return this.#lends ? this.#text.bytes : Buffer.from(this.#text.bytes);
  }

  #name({ task, stream, bytes }: OutputRecord): void {
    const owner = lineOwner(task, stream);
    const goesOn = this.#open === owner;
    if (this.#open !== undefined && !goesOn) this.#text.add('\n');
    const name = `${task} | `;
    const isWhole = bytes.at(-1) === newline;
    if (!goesOn) this.#text.add(name);
    this.#text.addLines(isWhole ? bytes.subarray(0, -1) : bytes, `\n${name}`);
    if (isWhole) this.#text.add('\n');
    this.#open = isWhole ? undefined : owner;
  }
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
