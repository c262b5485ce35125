/** One line as the server tells it. */
export interface LogLine {
  readonly n: number;
  readonly at: number;
  readonly task: string;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
  readonly cut?: true;
}

/** Some lines, and what is known of all of them. */
export interface LinesAnswer {
  readonly lines: readonly LogLine[];
  readonly total: number;
  readonly ended: boolean;
}

/** Lines are asked for by so many at a time. */
export const blockLines = 200;

/** So many blocks are kept, those that were used last. */
const mostBlocks = 100;

/** The lines of a log that were looked at last, out of however many there are. */
export class KeptLines {
  /** By their places: block 0 has the lines from 1 on. */
  readonly #blocks = new Map<number, LogLine[]>();
  #total = 0;
  #ended = false;

  get total(): number {
    return this.#total;
  }

  /** There will be no more. */
  get ended(): boolean {
    return this.#ended;
  }

  /** A line, if it is kept. */
  line(n: number): LogLine | undefined {
    return this.#blocks.get(blockOf(n))?.[(n - 1) % blockLines];
  }

  /** Takes an answer. */
  put({ lines, total, ended }: LinesAnswer): void {
    for (const line of lines) {
      const place = blockOf(line.n);
      const block = this.#blocks.get(place) ?? [];
      block[(line.n - 1) % blockLines] = line;
      this.#use(place, block);
    }
    // Answers may overtake each other.
    this.#total = Math.max(this.#total, total);
    this.#ended ||= ended;
  }

  /** The first line that is missing among these. */
  missing(first: number, last: number): number | undefined {
    for (let n = Math.max(1, first); n <= Math.min(last, this.#total); n++)
      if (!this.line(n)) return n;
    return undefined;
  }

  /** These are wanted: they are the last to be forgotten. */
  touch(first: number, last: number): void {
    for (let place = blockOf(first); place <= blockOf(last); place++) {
      const block = this.#blocks.get(place);
      if (block) this.#use(place, block);
    }
  }

  #use(place: number, block: LogLine[]): void {
    this.#blocks.delete(place);
    this.#blocks.set(place, block);
    for (const oldest of this.#blocks.keys()) {
      if (this.#blocks.size <= mostBlocks) return;
      this.#blocks.delete(oldest);
    }
  }
}

const blockOf = (n: number): number => Math.floor((n - 1) / blockLines);

/** The line with which the block of a line begins. */
export const beginOfBlock = (n: number): number => blockOf(n) * blockLines + 1;
