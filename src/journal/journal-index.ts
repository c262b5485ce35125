import { BlockList } from './block-list.ts';
import { countNewlines } from '../base/count-newlines.ts';
import { IndexFile } from './index-file.ts';
import { indexPath } from './index-writer.ts';
import { BlockBuilder } from './journal-block.ts';
import { openIfThere } from './journal-reader.ts';
import { RecordParser } from './record-parser.ts';

import type { FileHandle } from 'node:fs/promises';
import type { JournalRecord, OutputRecord } from '../event/event.ts';
import type { PrintedPiece } from './journal-block.ts';

/** Below this, reading a journal on is as fast as reading its index. */
const worthLoading = 1_024 * 1_024;

/**
 * Where things are in a journal that may still grow. Takes from the index beside it what that has, and reads the
 * rest; of what the index says last, nothing is believed that the journal does not show.
 */
export class JournalIndex {
  readonly path: string;
  /** As of the last update; to be asked at once after it, since the next one may be going on. */
  readonly blocks = new BlockList();
  readonly #file: IndexFile;
  #builder = new BlockBuilder(0, undefined);
  #parser = new RecordParser({ lends: true });
  #position = 0;
  #last: Pick<JournalRecord, 'type' | 'seq' | 'at'> | undefined;
  #updating: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.path = path;
    this.#file = new IndexFile(indexPath(path));
  }

  /** Whether the run has ended, and so nothing more will come. */
  get isOver(): boolean {
    return this.#last?.type === 'run.ended';
  }

  /** The number of the record that comes next. */
  get next(): number {
    return this.#last ? this.#last.seq + 1 : 0;
  }

  /** When the last record was written. */
  get lastAt(): number | undefined {
    return this.#last?.at;
  }

  /** Takes what was written since the last time; one after the other. Rejects when the journal cannot be read. */
  update(): Promise<void> {
    this.#updating = this.#updating.catch(() => undefined).then(() => this.#update());
    return this.#updating;
  }

  async #update(): Promise<void> {
    if (this.isOver) return;
    await using file = await openIfThere(this.path);
    if (!file) return;
    const { size } = await file.stat();
    if (size - this.#position >= worthLoading) await this.#load(file);
    await this.#read(file);
  }

  /** Takes blocks from the index, but the last ones as far as the journal itself shows them. */
  async #load(file: FileHandle): Promise<void> {
    const told = await this.#file.blocksAfter(this.blocks.lastFull?.to ?? 0);
    if (told.length === 0) return;
    this.blocks.push(told);
    for (const block of told.toReversed()) {
      this.#rewindTo(block.from);
      await this.#read(file);
      if (this.blocks.has(block)) return;
      // The journal has lost what it had, or this never was its index.
      this.#file.giveUp();
    }
    this.#rewindTo(told[0]!.from);
  }

  #rewindTo(position: number): void {
    this.blocks.forgetAfter(position);
    this.#position = position;
    this.#builder = new BlockBuilder(position, this.blocks.lastFull?.open);
    this.#parser = new RecordParser({ lends: true });
    this.#last = undefined;
  }

  /** Takes records from where it was to the last one that is complete. */
  async #read(file: FileHandle): Promise<void> {
    while (!this.#parser.broken) {
      const room = this.#parser.room();
      const { bytesRead } = await file.read(room, 0, room.length, this.#position);
      if (bytesRead === 0) return;
      this.#position += bytesRead;
      this.#parser.add(bytesRead);
      this.#takeRecords();
    }
  }

  #takeRecords(): void {
    for (let before = this.#parser.parsed; ; before = this.#parser.parsed) {
      const record = this.#parser.next();
      if (!record) break;
      const length = this.#parser.parsed - before;
      if (record.type === 'output') this.#builder.output(record.seq, length, pieceOf(record));
      else this.#builder.event(record.seq, length);
      this.#last = { type: record.type, seq: record.seq, at: record.at };
      if (!this.#builder.isFull) continue;
      this.blocks.push([this.#builder.block!]);
      this.#builder.cut();
    }
    this.blocks.putRest(this.#builder.block);
  }
}

const pieceOf = ({ task, stream, bytes }: OutputRecord): PrintedPiece => ({
  ...{ task, stream, bytes: bytes.length, newlines: countNewlines(bytes) },
  endsLine: bytes.at(-1) === newline,
});

const newline = 0x0a;
