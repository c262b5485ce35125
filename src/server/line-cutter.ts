import type { OutputRecord, Recorded } from '../event/event.ts';

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

  /** `task` absent: all of them. Lines that are not wanted are only counted. */
  constructor(task: string | undefined, wants: (n: number) => boolean) {
    this.#task = task;
    this.#wants = wants;
  }

  /** How many lines there are so far, the one that has not ended included. */
  get total(): number {
    return this.#ended + (this.#open ? 1 : 0);
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
    for (let at = -1; (at = record.bytes.indexOf(newline, at + 1)) !== -1;) this.#ended++;
    return true;
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
const maxLineBytes = 64 * 1_024;

const isSame = (one: Output, other: Output): boolean =>
  one.task === other.task && one.stream === other.stream;
