import { countNewlines } from '../base/count-newlines.ts';
import { ofOwner } from '../journal/journal-block.ts';

import type { OutputRecord, Recorded } from '../event/event.ts';
import type { TextPlace } from '../journal/text-index.ts';

/** One line of a log as it was printed, without its end. */
export interface RawLine {
  /** Counted from 1. */
  readonly n: number;
  /** When its beginning was printed. */
  readonly at: number;
  readonly task: string;
  readonly stream: OutputRecord['stream'];
  /** Its beginning, if it is very long. */
  readonly bytes: Buffer;
  readonly cut: boolean;
}

type Output = Recorded<OutputRecord>;

/**
 * Cuts what was printed into lines, and numbers them as the plain text of a log has them. A task's lines end with a
 * newline and nothing else; where all tasks are looked at, another task or stream ends a line, too.
 */
export class LineCutter {
  readonly #task: string | undefined;
  readonly #wants: (n: number) => boolean;
  #ended = 0;
  #open: { readonly first: Output; readonly parts: Buffer[]; size: number } | undefined;

  /** `task` absent: all of them. Lines that are not wanted are only counted. Begins at the first line, unless told where. */
  constructor(task: string | undefined, wants: (n: number) => boolean, place?: TextPlace) {
    this.#task = task;
    this.#wants = wants;
    if (place) this.#ended = place.lines;
    if (place?.open !== undefined) this.#open = { first: ownedBy(place.open), parts: [], size: 0 };
  }

  /** How many lines there are so far, the one that has not ended included. */
  get total(): number {
    return this.#ended + (this.#open ? 1 : 0);
  }

  /** How many lines there are of which nothing is missing that is given of them. */
  get settled(): number {
    return this.#ended + (this.#open && this.#open.size >= maxLineBytes ? 1 : 0);
  }

  /** The wanted lines that have ended with this. */
  add(record: Output): RawLine[] {
    if (this.#task !== undefined && record.task !== this.#task) return [];
    const ended: RawLine[] = [];
    if (this.#task === undefined && this.#open && !isSame(this.#open.first, record))
      this.#end(ended);
    const { bytes } = record;
    for (let from = 0; from < bytes.length;) {
      const end = bytes.indexOf(newline, from);
      this.#open ??= { first: record, parts: [], size: 0 };
      this.#keep(bytes.subarray(from, end === -1 ? bytes.length : end));
      if (end === -1) break;
      this.#end(ended);
      from = end + 1;
    }
    return ended;
  }

  /** Takes whole lines that nobody wants; `false`: they are not whole, and not taken. */
  skip(record: Output): boolean {
    if (this.#task !== undefined && record.task !== this.#task) return true;
    if (this.#open || record.bytes.at(-1) !== newline) return false;
    this.#ended += countNewlines(record.bytes);
    return true;
  }

  /** Takes whole lines that all come before this one; `false`: they are not whole or not all before it, and not taken. */
  skipBefore(n: number, record: Output): boolean {
    return this.#ended + countNewlines(record.bytes) < n && this.skip(record);
  }

  /** The last line, if it has not ended and is wanted. */
  rest(): RawLine[] {
    const last: RawLine[] = [];
    if (this.#open) this.#end(last);
    return last;
  }

  #keep(bytes: Buffer): void {
    const open = this.#open!;
    const room = maxLineBytes - open.size;
    if (room > 0 && this.#wants(this.#ended + 1)) open.parts.push(bytes.subarray(0, room));
    open.size += bytes.length;
  }

  #end(ended: RawLine[]): void {
    const { first, parts, size } = this.#open!;
    const n = ++this.#ended;
    this.#open = undefined;
    if (!this.#wants(n)) return;
    const { at, task, stream } = first;
    const bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    ended.push({ n, at, task, stream, bytes, cut: size > maxLineBytes });
  }
}

const newline = 0x0a;

/** Of a longer line only the beginning is given. */
export const maxLineBytes = 64 * 1_024;

/** Stands for what is not read of a line that nobody wants. */
function ownedBy(owner: string): Output {
  const { task, stream } = ofOwner(owner);
  return { type: 'output', seq: 0, at: 0, task, stream, bytes: Buffer.alloc(0) };
}

const isSame = (one: Output, other: Output): boolean =>
  one.task === other.task && one.stream === other.stream;
