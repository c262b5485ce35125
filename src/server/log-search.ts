import { readBytes } from '../journal/read-spans.ts';
import { RecordParser } from '../journal/record-parser.ts';
import { LineCutter } from './line-cutter.ts';
import { SoughtText } from './sought-text.ts';

import type { JournalIndex } from '../journal/journal-index.ts';

export interface LogSearch {
  /** Absent: all of them. */
  readonly task: string | undefined;
  readonly text: string;
  /** Capital letters are told from small ones. */
  readonly matchCase: boolean;
  /** Either the first line that is wanted, or the one before which the last ones are wanted. */
  readonly place: { readonly from: number } | { readonly before: number };
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** Lines with a text in them. */
export interface LogHits {
  /** Their numbers, in order. */
  readonly lines: readonly number[];
  /** How many there are before the first of `lines`. */
  readonly before: number;
  /** How many there are in the whole log. */
  readonly total: number;
  /** How many lines were searched. */
  readonly searched: number;
}

/**
 * Searches a whole log for a text as it is shown: colours within it do not matter. To be called at once after an update
 * of the index. Where the text is nowhere in a block, its lines are only counted.
 */
export async function searchLog(
  { path, blocks }: JournalIndex,
  search: LogSearch,
): Promise<LogHits> {
  const cutter = new LineCutter(search.task, () => true);
  const text = new SoughtText(search.text, search.matchCase);
  const hits = new Hits(search);
  const parts = blocks.text(search.task).parts();
  const spans = parts.map(({ span }) => span);
  let nth = 0;
  for await (const bytes of readBytes(path, spans, search.signal)) {
    const { isWhole, lines } = parts[nth++]!;
    if (isWhole && !text.mayBeIn(bytes)) cutter.pass(lines);
    else searchBlock(new RecordParser({ bytes }), { text, cutter, hits });
  }
  const searched = cutter.total;
  for (const { n, bytes } of cutter.rest()) if (text.isIn(bytes)) hits.add(n);
  return { ...hits.told(), searched };
}

interface Searching {
  readonly text: SoughtText;
  readonly cutter: LineCutter;
  readonly hits: Hits;
}

function searchBlock(parser: RecordParser, { text, cutter, hits }: Searching): void {
  for (let record = parser.next(); record; record = parser.next()) {
    if (record.type !== 'output') continue;
    if (!text.mayBeIn(record.bytes) && cutter.skip(record)) continue;
    const { total } = cutter;
    const lines = text.linesOf(record.bytes);
    if (lines && cutter.skip(record)) {
      if (cutter.total > total) for (const nth of lines) hits.add(total + 1 + nth);
    } else for (const { n, bytes } of cutter.add(record)) if (text.isIn(bytes)) hits.add(n);
  }
}

class Hits {
  readonly #place: LogSearch['place'];
  readonly #limit: number;
  #lines: number[] = [];
  #above = 0;
  #total = 0;

  constructor({ place, limit }: LogSearch) {
    this.#place = place;
    this.#limit = limit;
  }

  add(n: number): void {
    this.#total++;
    if ('from' in this.#place) {
      if (n < this.#place.from) this.#above++;
      else if (this.#lines.length < this.#limit) this.#lines.push(n);
    } else if (n < this.#place.before) {
      this.#above++;
      this.#lines.push(n);
      // Not for each of them, since all that are kept are moved.
      if (this.#lines.length === 2 * this.#limit) this.#lines.splice(0, this.#limit);
    }
  }

  told(): Omit<LogHits, 'searched'> {
    if ('from' in this.#place)
      return { lines: this.#lines, before: this.#above, total: this.#total };
    const lines = this.#lines.slice(-this.#limit);
    return { lines, before: this.#above - lines.length, total: this.#total };
  }
}
