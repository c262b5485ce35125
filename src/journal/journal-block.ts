import type { OutputStream } from './record-text.ts';

/** Some bytes of a journal, from the first to the one after the last. */
export type Span = readonly [from: number, to: number];

/** What one task printed within a block. */
export interface Printed {
  readonly task: string;
  /** How many of its lines end there. */
  readonly lines: number;
  readonly bytes: number;
  /** Its last line goes on after the block. */
  readonly isOpen: boolean;
}

/** Successive records of a journal, and what one must know of them to find something in it. */
export interface Block {
  readonly from: number;
  readonly to: number;
  /** The number of its first record. */
  readonly seq: number;
  /** Where its events are; between them is output. */
  readonly events: readonly Span[];
  readonly printed: readonly Printed[];
  /** How many lines end there of the text in which each line is told with its task. */
  readonly lines: number;
  /** Whose line of that text goes on after the block. */
  readonly open: string | undefined;
}

const leastBytes = 256 * 1_024;

/**
 * A block is complete with the record that makes it this large. They grow with the journal, so that one of a
 * terabyte has some ten times as many as one of a gigabyte, and not a thousand times.
 */
const blockBytes = (from: number): number => Math.max(leastBytes, Math.floor(from / 4_096));

/** Whose line it is. Both streams of a task have lines of their own. */
export const lineOwner = (task: string, stream: OutputStream): string => `${stream} ${task}`;

/** The task and the stream of a line's owner. */
export function ofOwner(owner: string): { readonly task: string; readonly stream: OutputStream } {
  const stream = owner.startsWith('stderr ') ? 'stderr' : 'stdout';
  return { task: owner.slice(stream.length + 1), stream };
}

/** One piece of output, as far as a block is concerned. */
export interface PrintedPiece {
  readonly task: string;
  readonly stream: OutputStream;
  readonly bytes: number;
  readonly newlines: number;
  readonly endsLine: boolean;
}

/** Takes the records of a journal in their order, and cuts them into blocks: the same ones, whoever does it. */
export class BlockBuilder {
  #from: number;
  #to: number;
  #seq: number | undefined;
  #events: [number, number][] = [];
  #printed = new Map<string, { lines: number; bytes: number; isOpen: boolean }>();
  #lines = 0;
  #open: string | undefined;

  /** `at`: where the first record begins. `open`: whose line goes on there. */
  constructor(at: number, open: string | undefined) {
    this.#from = at;
    this.#to = at;
    this.#open = open;
  }

  event(seq: number, length: number): void {
    const last = this.#events.at(-1);
    if (last?.[1] === this.#to) last[1] += length;
    else this.#events.push([this.#to, this.#to + length]);
    this.#advance(seq, length);
  }

  output(seq: number, length: number, piece: PrintedPiece): void {
    const { task, stream, bytes, newlines, endsLine } = piece;
    const owner = lineOwner(task, stream);
    // In the text of all tasks, a line that another one breaks into ends there.
    this.#lines += newlines + (this.#open !== undefined && this.#open !== owner ? 1 : 0);
    this.#open = endsLine ? undefined : owner;
    const known = this.#printed.get(task);
    if (known) {
      known.lines += newlines;
      known.bytes += bytes;
      known.isOpen = !endsLine;
    } else this.#printed.set(task, { lines: newlines, bytes, isOpen: !endsLine });
    this.#advance(seq, length);
  }

  get isFull(): boolean {
    return this.#to - this.#from >= blockBytes(this.#from);
  }

  /** What it has taken since the last full block. `undefined`: nothing. */
  get block(): Block | undefined {
    if (this.#seq === undefined) return undefined;
    return {
      ...{ from: this.#from, to: this.#to, seq: this.#seq },
      events: this.#events.map(([from, to]) => [from, to]),
      printed: [...this.#printed].map(([task, printed]) => ({ task, ...printed })),
      ...{ lines: this.#lines, open: this.#open },
    };
  }

  /** Begins the next block. */
  cut(): void {
    this.#from = this.#to;
    this.#seq = undefined;
    this.#events = [];
    this.#printed.clear();
    this.#lines = 0;
  }

  #advance(seq: number, length: number): void {
    this.#seq ??= seq;
    this.#to += length;
  }
}
