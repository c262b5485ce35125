import { closeSync, fsync, ftruncateSync, writeSync } from 'node:fs';

import type { JournalRecord } from '../event/event.ts';

/** Where the records of one journal go: gathered in memory, then written in their order. */
export class JournalFile {
  readonly #fd: number;
  readonly #onFailure: (error: NodeJS.ErrnoException) => void;
  readonly #gathered = Buffer.allocUnsafe(gatherBytes);
  #used = 0;
  #entries: Entry[] = [];
  #size = 0;
  #state: FileState = { kind: 'open' };

  constructor(fd: number, onFailure: (error: NodeJS.ErrnoException) => void) {
    this.#fd = fd;
    this.#onFailure = onFailure;
  }

  get state(): FileState {
    return this.#state;
  }

  /**
   * Takes the parts of one record. Once writing has failed, an event is kept for the readers of
   * this process, and output is only counted.
   */
  append(parts: readonly Buffer[], event?: JournalRecord): void {
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    if (this.#used + length > gatherBytes) this.flush();
    // It may be that very flush which failed.
    if (this.#state.kind !== 'open') {
      lose(this.#state, { end: length, event }, length);
      return;
    }
    if (length > gatherBytes) {
      this.#write(Buffer.concat(parts), length, [{ end: length, event }]);
      return;
    }
    for (const part of parts) {
      part.copy(this.#gathered, this.#used);
      this.#used += part.length;
    }
    this.#entries.push({ end: this.#used, event });
  }

  /** Writes what was gathered. */
  flush(): void {
    if (this.#used === 0) return;
    const [length, entries] = [this.#used, this.#entries];
    this.#used = 0;
    this.#entries = [];
    this.#write(this.#gathered, length, entries);
  }

  /** Writes the rest and closes the file. What comes later is dropped. */
  async close(): Promise<void> {
    if (this.#state.kind === 'closed') return;
    this.flush();
    const failed = this.#state.kind === 'failed' ? this.#state : undefined;
    this.#state = { ...(failed ?? { kept: [], lostBytes: 0 }), kind: 'closed' };
    const error = failed ? null : await synced(this.#fd);
    try {
      closeSync(this.#fd);
    } catch {
      // The file is given up either way.
    }
    if (error) this.#onFailure(error);
  }

  #write(bytes: Buffer, length: number, entries: readonly Entry[]): void {
    let written = 0;
    try {
      while (written < length) written += writeSync(this.#fd, bytes, written, length - written);
      this.#size += length;
    } catch (error) {
      this.#fail(error as NodeJS.ErrnoException, written, entries);
    }
  }

  #fail(error: NodeJS.ErrnoException, written: number, entries: readonly Entry[]): void {
    const complete = entries.findLast(({ end }) => end <= written)?.end ?? 0;
    this.#size += complete;
    try {
      ftruncateSync(this.#fd, this.#size);
    } catch {
      // Readers pass over an incomplete record at the end.
    }
    this.#state = { kind: 'failed', kept: [], lostBytes: 0 };
    loseAll(this.#state, entries, complete);
    this.#onFailure(error);
  }
}

const gatherBytes = 256 * 1_024;

type FileState =
  | { readonly kind: 'open' }
  /** Cannot be written any more. The events since then are in `kept`, the output is gone. */
  | { readonly kind: 'failed'; readonly kept: JournalRecord[]; lostBytes: number }
  | {
      readonly kind: 'closed';
      readonly kept: readonly JournalRecord[];
      readonly lostBytes: number;
    };

/** A record among bytes that are written at once: where it ends, and what it was. */
interface Entry {
  readonly end: number;
  readonly event: JournalRecord | undefined;
}

function loseAll(state: FileState, entries: readonly Entry[], complete: number): void {
  let from = complete;
  for (const entry of entries) {
    if (entry.end <= complete) continue;
    lose(state, entry, entry.end - from);
    from = entry.end;
  }
}

function lose(state: FileState, { event }: Entry, bytes: number): void {
  if (state.kind !== 'failed') return;
  if (event) state.kept.push(event);
  else state.lostBytes += bytes;
}

const synced = (fd: number): Promise<NodeJS.ErrnoException | null> =>
  new Promise((resolve) => fsync(fd, resolve));
