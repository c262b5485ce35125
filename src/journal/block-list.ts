import { countWhile } from './count-while.ts';
import { lineOwner } from './journal-block.ts';
import { TextIndex } from './text-index.ts';

import type { Block, Span } from './journal-block.ts';

/** The blocks of a journal in their order, and what can be found by them. */
export class BlockList {
  readonly #blocks: Block[] = [];
  readonly #all = new TextIndex();
  readonly #tasks = new Map<string, TextIndex>();
  /** The last block, which is not full yet. */
  #rest: Block | undefined;

  /** The last of the blocks that are full. */
  get lastFull(): Block | undefined {
    return this.#blocks.at(this.#rest ? -2 : -1);
  }

  /** Where the last known record ends. */
  get end(): number {
    return this.#blocks.at(-1)?.to ?? 0;
  }

  /** The text that one task printed; with `task` absent, that of all of them, each line told with its task. */
  text(task: string | undefined): TextIndex {
    return task === undefined ? this.#all : (this.#tasks.get(task) ?? new TextIndex());
  }

  /** A place where a record begins: the one with this number, or one not far before it. */
  positionOf(seq: number): number {
    return this.#blocks[this.#countWhile((block) => block.seq <= seq) - 1]?.from ?? 0;
  }

  /** Where the events are, from a place on where a record begins. */
  events(position: number): Span[] {
    const first = Math.max(0, this.#countWhile((block) => block.from <= position) - 1);
    return this.#blocks
      .slice(first)
      .flatMap((block) => block.events)
      .filter(([, end]) => end > position)
      .map(([begin, end]) => [Math.max(begin, position), end]);
  }

  /** Whether there is such a block, or one that has grown out of it. */
  has({ from, to, seq }: Block): boolean {
    const found = this.#blocks[this.#countWhile((block) => block.from <= from) - 1];
    return found?.from === from && found.to >= to && found.seq === seq;
  }

  /** Takes full blocks. */
  push(blocks: readonly Block[]): void {
    this.putRest(undefined);
    for (const block of blocks) this.#push(block);
  }

  /** Takes what is known after the last full block, in the place of what was known before. */
  putRest(rest: Block | undefined): void {
    if (this.#rest) this.#pop();
    this.#rest = rest;
    if (rest) this.#push(rest);
  }

  /** Forgets what is after this place. */
  forgetAfter(position: number): void {
    this.putRest(undefined);
    while (this.end > position) this.#pop();
  }

  #push(block: Block): void {
    this.#blocks.push(block);
    const { from, to, lines, open } = block;
    if (block.printed.length > 0) this.#all.push(block, { lines, bytes: to - from, open });
    for (const { task, isOpen, ...printed } of block.printed) {
      const text = this.#tasks.get(task) ?? new TextIndex();
      this.#tasks.set(task, text);
      text.push(block, { ...printed, open: isOpen ? lineOwner(task, 'stdout') : undefined });
    }
  }

  #pop(): void {
    const block = this.#blocks.pop();
    if (!block) return;
    this.#all.pop(block);
    for (const { task } of block.printed) this.#tasks.get(task)?.pop(block);
  }

  #countWhile(isSo: (block: Block) => boolean): number {
    return countWhile(this.#blocks, isSo);
  }
}
