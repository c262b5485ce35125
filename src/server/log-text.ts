import type { JournalRecord, OutputRecord } from '../event/event.ts';

const newline = 0x0a;

/** Which lines are wanted, counted from 1. */
export interface LineRange {
  readonly from?: number | undefined;
  readonly count?: number | undefined;
}

/** What one task printed, byte by byte; with `task` absent, what all of them did, each line named. */
export async function* logBytes(
  records: AsyncIterable<JournalRecord>,
  task: string | undefined,
): AsyncGenerator<Buffer> {
  /** Whose line has not ended yet. */
  let open: string | undefined;
  for await (const record of records) {
    if (record.type !== 'output') continue;
    if (task !== undefined) {
      if (record.task === task) yield record.bytes;
      continue;
    }
    const whose = `${record.stream} ${record.task}`;
    const named = nameLines(record, open === whose);
    yield open === undefined || open === whose ? named : Buffer.concat([lineEnd, named]);
    open = named.at(-1) === newline ? undefined : whose;
  }
}

const lineEnd = Buffer.from('\n');

function nameLines({ task, bytes }: OutputRecord, goesOn: boolean): Buffer {
  const name = Buffer.from(`${task} | `);
  const parts = [...linesOf(bytes)].flatMap((line, index) =>
    index === 0 && goesOn ? [line] : [name, line],
  );
  return Buffer.concat(parts);
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

/** Some of the lines of a text. Reads no further than it has to. */
export async function* someLines(
  text: AsyncIterable<Buffer>,
  { from = 1, count = Infinity }: LineRange,
): AsyncGenerator<Buffer> {
  let line = 1;
  for await (const bytes of text) {
    const wanted: Buffer[] = [];
    for (const part of linesOf(bytes)) {
      if (line >= from && line < from + count) wanted.push(part);
      if (part.at(-1) === newline) line++;
    }
    if (wanted.length > 0) yield wanted.length === 1 ? wanted[0]! : Buffer.concat(wanted);
    if (line >= from + count) return;
  }
}

/** However long its lines are, the end of a text is hardly longer. */
const maxTailBytes = 8 * 1_024 * 1_024;

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
