import { closeSync, openSync, writeSync } from 'node:fs';

import { blockLine } from './block-text.ts';
import { BlockBuilder } from './journal-block.ts';

import type { PrintedPiece } from './journal-block.ts';

/** The index beside a journal. */
export const indexPath = (journal: string): string => `${journal}.index`;

/**
 * Writes the index of a journal while that is written: a line for each block that is full. A small journal has
 * none. What fails here costs nothing but the time in which readers find things.
 */
export class IndexWriter {
  readonly #path: string;
  readonly #builder = new BlockBuilder(0, undefined);
  #full = '';
  #fd: number | undefined;
  #isOver = false;

  constructor(journal: string) {
    this.#path = indexPath(journal);
  }

  event(seq: number, length: number): void {
    this.#builder.event(seq, length);
    this.#cut();
  }

  output(seq: number, length: number, piece: PrintedPiece): void {
    this.#builder.output(seq, length, piece);
    this.#cut();
  }

  /** Everything taken so far is in the journal. */
  written(): void {
    if (this.#full === '' || this.#isOver) return;
    const text = this.#full;
    this.#full = '';
    try {
      this.#fd ??= openSync(this.#path, 'wx', 0o600);
      if (writeSync(this.#fd, text) < Buffer.byteLength(text)) this.close();
    } catch {
      this.close();
    }
  }

  /** Writes nothing more. */
  close(): void {
    this.#isOver = true;
    if (this.#fd === undefined) return;
    try {
      closeSync(this.#fd);
    } catch {
      // It is given up either way.
    }
    this.#fd = undefined;
  }

  #cut(): void {
    if (!this.#builder.isFull) return;
    if (!this.#isOver) this.#full += blockLine(this.#builder.block!);
    this.#builder.cut();
  }
}
