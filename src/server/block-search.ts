import { readSpan } from '../journal/read-spans.ts';
import { RecordParser } from '../journal/record-parser.ts';
import { LineCutter } from './line-cutter.ts';
import { turnBytes } from './turns.ts';

import type { FileHandle } from 'node:fs/promises';
import type { OutputRecord, Recorded } from '../event/event.ts';
import type { TextBlock } from '../journal/text-index.ts';
import type { SoughtText } from './sought-text.ts';
import type { Turns } from './turns.ts';

export interface BlockSearchSpec {
  readonly file: FileHandle;
  readonly blocks: readonly TextBlock[];
  /** Absent: all of them. */
  readonly task: string | undefined;
  readonly text: SoughtText;
  readonly turns: Turns;
  readonly signal: AbortSignal;
}

/** Looks for a text in one block of a log after the other, in any order. */
export class BlockSearch {
  readonly #spec: BlockSearchSpec;
  #read = 0;

  constructor(spec: BlockSearchSpec) {
    this.#spec = spec;
  }

  /** How many bytes of the journal were looked through. */
  get read(): number {
    return this.#read;
  }

  /** The lines that begin in a block and have the text, in order; some of them when the signal aborts meanwhile. */
  async hitsIn(nth: number): Promise<number[]> {
    const { blocks, task, text, signal } = this.#spec;
    const { first, place, isWhole } = blocks[nth]!;
    const last = (blocks[nth + 1]?.first ?? Infinity) - 1;
    const hits: number[] = [];
    // A line longer than the block has begun before it and ends after it.
    if (first > last) return hits;
    const cutter = new LineCutter(task, (n) => n >= first && n <= last, place);
    for (let at = nth; at < blocks.length && cutter.settled < last; at++) {
      const bytes = await this.#next(at);
      if (signal.aborted) return hits;
      if (at === nth && isWhole && bytes.length <= mostAtOnce && !text.mayBeIn(bytes)) return hits;
      await this.#searchBlock(new RecordParser({ bytes }), cutter, { last, hits });
    }
    for (const { n, bytes } of cutter.rest()) if (text.isIn(bytes)) hits.push(n);
    return hits;
  }

  async #next(nth: number): Promise<Buffer> {
    const { file, blocks, turns } = this.#spec;
    const { span } = blocks[nth]!;
    this.#read += span[1] - span[0];
    const bytes = await readSpan(file, span);
    await turns.next();
    return bytes;
  }

  async #searchBlock(
    parser: RecordParser,
    cutter: LineCutter,
    { last, hits }: { readonly last: number; readonly hits: number[] },
  ): Promise<void> {
    const { task, text, turns, signal } = this.#spec;
    let turnEnd = turnBytes;
    for (let record = parser.next(); record; record = parser.next()) {
      if (record.type === 'output' && (task === undefined || record.task === task))
        searchRecord(record, text, cutter, hits);
      if (cutter.settled >= last) return;
      if (parser.parsed < turnEnd) continue;
      turnEnd = parser.parsed + turnBytes;
      await turns.next();
      if (signal.aborted) return;
    }
  }
}

/** A larger block is looked through record by record. */
const mostAtOnce = 2 * turnBytes;

function searchRecord(
  record: Recorded<OutputRecord>,
  text: SoughtText,
  cutter: LineCutter,
  hits: number[],
): void {
  const { bytes } = record;
  const { total } = cutter;
  const lines = text.linesOf(bytes) ?? (text.mayBeIn(bytes) ? undefined : []);
  if (lines && cutter.skip(record)) for (const nth of lines) hits.push(total + 1 + nth);
  else for (const line of cutter.add(record)) if (text.isIn(line.bytes)) hits.push(line.n);
}
