import { parseBlock } from './block-text.ts';
import { openIfThere } from './journal-reader.ts';

import type { Block } from './journal-block.ts';

const newline = 0x0a;

/** The index beside a journal, as readers see it: read on from where it was, and not a line further than it is whole. */
export class IndexFile {
  readonly #path: string;
  #position = 0;
  #isUsable = true;

  constructor(path: string) {
    this.#path = path;
  }

  /** Believes nothing of it any more. */
  giveUp(): void {
    this.#isUsable = false;
  }

  /** The blocks that it has since the last time and that follow, without a gap, on this place in the journal. */
  async blocksAfter(position: number): Promise<Block[]> {
    const blocks: Block[] = [];
    for (const line of await this.#freshLines()) {
      const block = parseBlock(line);
      const end = blocks.at(-1)?.to ?? position;
      if (block && block.to <= end) continue;
      if (block?.from !== end) {
        this.giveUp();
        break;
      }
      blocks.push(block);
    }
    return blocks;
  }

  async #freshLines(): Promise<string[]> {
    if (!this.#isUsable) return [];
    await using file = await openIfThere(this.#path);
    if (!file) return [];
    const { size } = await file.stat();
    const bytes = Buffer.allocUnsafe(Math.max(0, size - this.#position));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, this.#position);
    const whole = bytes.subarray(0, bytesRead).lastIndexOf(newline) + 1;
    this.#position += whole;
    return bytes.toString('utf8', 0, whole).split('\n').slice(0, -1);
  }
}
