import { countWhile } from './count-while.ts';

import type { Block, Span } from './journal-block.ts';

/** What a block adds to a text. */
export interface TextPart {
  /** How many lines end in it. */
  readonly lines: number;
  readonly bytes: number;
  /** Whose line goes on after it. */
  readonly open: string | undefined;
}

/** A block of a journal, as a part of a text. */
export interface TextBlock {
  readonly span: Span;
  readonly place: TextPlace;
  /** The first line that begins in it or after it. */
  readonly first: number;
  /** It begins and ends between lines. */
  readonly isWhole: boolean;
}

/** A place in a text: the block in which to begin, and what is before it. */
export interface TextPlace {
  readonly nth: number;
  /** How many lines have ended before. */
  readonly lines: number;
  /** Whose line goes on there. */
  readonly open: string | undefined;
}

/** In which blocks of a journal the lines of one text are. */
export class TextIndex {
  readonly #blocks: Block[] = [];
  /** What was before each of them. */
  readonly #before: TextPart[] = [];
  #total: TextPart = { lines: 0, bytes: 0, open: undefined };

  /** All its lines, the last of which may go on. */
  get lines(): number {
    return this.#total.lines + (this.#total.open === undefined ? 0 : 1);
  }

  /** Whose line goes on after all of it. */
  get open(): string | undefined {
    return this.#total.open;
  }

  push(block: Block, part: TextPart): void {
    this.#blocks.push(block);
    this.#before.push(this.#total);
    const { lines, bytes } = this.#total;
    this.#total = { lines: lines + part.lines, bytes: bytes + part.bytes, open: part.open };
  }

  /** Takes back what was pushed last, if that was this block. */
  pop(block: Block): void {
    if (this.#blocks.at(-1) !== block) return;
    this.#blocks.pop();
    this.#total = this.#before.pop()!;
  }

  /** Where to begin to read so as to have this line, counted from 1, whole. */
  placeOf(line: number): TextPlace {
    // The end of the line before must be in what is read.
    return this.#place((before) => before.lines < line - 1);
  }

  /** Where to begin to read so as to have so many last lines, as far as they lie in so many last bytes. */
  placeOfEnd(lines: number, bytes: number): TextPlace {
    const byLines = this.placeOf(this.lines - lines + 1);
    const byBytes = this.#place((before) => before.bytes <= this.#total.bytes - bytes);
    return byLines.nth > byBytes.nth ? byLines : byBytes;
  }

  /** Where the text is in the journal, from a place on. */
  spans({ nth }: TextPlace): Span[] {
    return this.#blocks.slice(nth).map(({ from, to }) => [from, to]);
  }

  /**
   * Where the last lines are of what was printed between two records, by their numbers, as far as they lie in so many
   * bytes; perhaps more is before and after. `isAll`: nothing of it is left out.
   */
  endBetween(
    { after, before }: { readonly after: number; readonly before: number },
    { lines, bytes }: { readonly lines: number; readonly bytes: number },
  ): { readonly spans: readonly Span[]; readonly isAll: boolean } {
    const spans: Span[] = [];
    const counted = { lines: 0, bytes: 0 };
    for (let nth = countWhile(this.#blocks, ({ seq }) => seq < before) - 1; nth >= 0; nth--) {
      const { from, to, seq } = this.#blocks[nth]!;
      spans.push([from, to]);
      if (seq <= after) break;
      // One that goes beyond may have none of it.
      if ((this.#blocks[nth + 1]?.seq ?? Infinity) > before) continue;
      const [begin, end] = [this.#before[nth]!, this.#before[nth + 1] ?? this.#total];
      counted.lines += end.lines - begin.lines;
      counted.bytes += end.bytes - begin.bytes;
      if (counted.lines >= lines || counted.bytes >= bytes)
        return { spans: spans.toReversed(), isAll: nth === 0 };
    }
    return { spans: spans.toReversed(), isAll: true };
  }

  /** All of it, block by block. */
  parts(): TextBlock[] {
    return this.#blocks.map(({ from, to }, nth) => {
      const [before, after] = [this.#before[nth]!, this.#before[nth + 1] ?? this.#total];
      const { lines, open } = before;
      const first = lines + (open === undefined ? 1 : 2);
      const isWhole = open === undefined && after.open === undefined;
      return { span: [from, to], place: { nth, lines, open }, first, isWhole };
    });
  }

  /** The last block of which this is so; it is so of all before it. */
  #place(isSo: (before: TextPart) => boolean): TextPlace {
    const nth = Math.max(0, countWhile(this.#before, isSo) - 1);
    const { lines, open } = this.#before[nth] ?? this.#total;
    return { nth, lines, open };
  }
}
