import { parseLine } from './record-text.ts';

import type { JournalRecord } from '../event/event.ts';
import type { ParsedLine } from './record-text.ts';

const newline = 0x0a;
const firstBytes = 256 * 1_024;
/** Where there is that much to read at once, each reading takes longer to come about than to be done. */
const largestBytes = 1_024 * 1_024;

/**
 * Cuts the bytes of a journal, given piece by piece, into records. What is not a complete record
 * waits for its rest; from the first line on that is not a journal's, nothing more is read.
 */
export class RecordParser {
  readonly #lends: boolean;
  #bytes: Buffer;
  #from = 0;
  #to: number;
  /** Up to where no newline was found. */
  #searched = 0;
  #header: Extract<ParsedLine, { kind: 'output' }> | undefined;
  #broken = false;
  #parsed = 0;
  /** How many bytes of the next record have been passed over. */
  #pending = 0;
  /** There was more to read than room for it. */
  #wasFilled = false;

  /**
   * Begins with these bytes, which stay as they are until all records in them are taken. With `lends`, what was printed is
   * valid only until `room` is asked for again; else it is a copy, the reader's to keep.
   */
  constructor({
    bytes,
    lends = false,
  }: { readonly bytes?: Buffer; readonly lends?: boolean } = {}) {
    this.#lends = lends;
    this.#bytes = bytes ?? Buffer.allocUnsafe(firstBytes);
    this.#to = bytes?.length ?? 0;
  }

  /** Something stands in the journal that no writer of ours put there. */
  get broken(): boolean {
    return this.#broken;
  }

  /** How many of the bytes given were complete records, as far as those were taken. */
  get parsed(): number {
    return this.#parsed;
  }

  /** Where the next bytes are to be read into; `took` tells how many they were. */
  room(): Buffer {
    if (this.#from > 0) {
      this.#bytes.copyWithin(0, this.#from, this.#to);
      this.#to -= this.#from;
      this.#searched -= this.#from;
      this.#from = 0;
    }
    const { length } = this.#bytes;
    if (this.#to > length / 2 || (this.#wasFilled && length < largestBytes)) {
      const larger = Buffer.allocUnsafe(length * 2);
      this.#bytes.copy(larger, 0, 0, this.#to);
      this.#bytes = larger;
    }
    return this.#bytes.subarray(this.#to);
  }

  /** The records that are complete with these bytes. */
  took(count: number): JournalRecord[] {
    this.add(count);
    const records: JournalRecord[] = [];
    for (let record = this.next(); record; record = this.next()) records.push(record);
    return records;
  }

  /** Takes so many bytes, for `next` to find the records in. */
  add(count: number): void {
    this.#to += count;
    this.#wasFilled = this.#to === this.#bytes.length;
  }

  /** The next record, if it is complete. */
  next(): JournalRecord | undefined {
    while (!this.#broken) {
      const record = this.#header ? this.#output(this.#header) : this.#line();
      if (record === 'header') continue;
      if (record) this.#parsed += this.#pending;
      if (record) this.#pending = 0;
      return record;
    }
    return undefined;
  }

  #line(): JournalRecord | 'header' | undefined {
    const end = this.#bytes.subarray(0, this.#to).indexOf(newline, this.#searched);
    if (end === -1) {
      this.#searched = this.#to;
      return undefined;
    }
    const parsed = parseLine(this.#bytes.toString('utf8', this.#from, end));
    if (!parsed) {
      this.#broken = true;
      return undefined;
    }
    this.#advanceTo(end + 1);
    if (parsed.kind === 'event') return parsed.record;
    this.#header = parsed;
    return 'header';
  }

  #output(header: Extract<ParsedLine, { kind: 'output' }>): JournalRecord | undefined {
    const end = this.#from + header.bytes;
    if (end > this.#to) return undefined;
    const closed = this.#bytes[end - 1] === newline;
    if (!closed && end === this.#to) return undefined;
    if (!closed && this.#bytes[end] !== newline) {
      this.#broken = true;
      return undefined;
    }
    const lent = this.#bytes.subarray(this.#from, end);
    const bytes = this.#lends ? lent : Buffer.from(lent);
    this.#advanceTo(closed ? end : end + 1);
    this.#header = undefined;
    const { seq, at, task, stream } = header;
    return { type: 'output', seq, at, task, stream, bytes };
  }

  #advanceTo(at: number): void {
    this.#pending += at - this.#from;
    this.#from = at;
    this.#searched = at;
  }
}
