import { open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

import { isAborted } from '../base/abort.ts';
import { RecordParser } from './record-parser.ts';

import type { FileHandle } from 'node:fs/promises';
import type { JournalRecord } from '../event/event.ts';
import type { IsAlive, Owner } from './owner.ts';

export interface ReadOptions {
  /** The number of the first record that is wanted. */
  readonly from?: number | undefined;
  /** A byte before the first record that is wanted, where a record begins. */
  readonly position?: number | undefined;
  /** When it aborts, the reading ends. */
  readonly signal?: AbortSignal | undefined;
  /** What was printed is lent: it is valid only until the next records are asked for. Else it is the reader's to keep. */
  readonly lends?: boolean | undefined;
}

export interface FollowOptions extends ReadOptions {
  /** Waits for what is still being written, until the run has ended or its owner lives no more. */
  readonly follow?: { readonly isAlive: IsAlive } | undefined;
}

/**
 * The complete records of a journal, in order, from disk: a slow reader holds nobody up and takes no
 * memory. A journal that is not there has none. Rejects when the file cannot be read.
 */
export async function* readJournal(
  path: string,
  options: FollowOptions = {},
): AsyncGenerator<JournalRecord, void> {
  for await (const records of readBatches(path, options)) {
    for (const record of records) {
      if (isAborted(options.signal)) return;
      yield record;
    }
  }
}

/** The same, as many at a time as there are. */
export async function* readBatches(
  path: string,
  { from = 0, position = 0, signal, lends = false, follow }: FollowOptions = {},
): AsyncGenerator<readonly JournalRecord[], void> {
  let owner = follow && position > 0 ? await ownerIn(path) : undefined;
  let restMs = shortestRestMs;
  const more = async (): Promise<boolean> => {
    if (!follow || !owner || !follow.isAlive(owner)) return false;
    await delay(restMs, undefined, signal ? { signal } : {}).catch(() => undefined);
    restMs = Math.min(2 * restMs, longestRestMs);
    return true;
  };
  for await (const records of batchesFrom(path, { position, signal, lends, watch: () => more })) {
    // Where something was written just now, there will be more soon.
    restMs = shortestRestMs;
    const [first] = records;
    if (first?.type === 'run.started') owner = first;
    const end = records.findIndex(({ type }) => type === 'run.ended');
    const upToEnd = end === -1 ? records : records.slice(0, end + 1);
    const wanted = upToEnd.filter(({ seq }) => seq >= from);
    if (wanted.length > 0) yield wanted;
    if (end !== -1) return;
  }
}

const shortestRestMs = 20;
const longestRestMs = 100;

/** The process that the first record names. */
async function ownerIn(path: string): Promise<Owner | undefined> {
  const nothingMore = () => () => Promise.resolve(false);
  for await (const record of readFrom(path, { watch: nothingMore }))
    return record.type === 'run.started' ? record : undefined;
  return undefined;
}

export interface Source {
  /** The byte to begin at, where a record begins. */
  readonly position?: number;
  readonly signal?: AbortSignal | undefined;
  readonly lends?: boolean | undefined;
  /**
   * Called before each reading to the end of the file. What it returns waits until more may have
   * been written since then; `false`: what is there now is all.
   */
  readonly watch: () => () => Promise<boolean>;
}

/** Reads to the end of the file, and again as long as there may be more. */
export async function* readFrom(path: string, source: Source): AsyncGenerator<JournalRecord, void> {
  for await (const records of batchesFrom(path, source)) {
    for (const record of records) {
      if (isAborted(source.signal)) return;
      yield record;
    }
  }
}

async function* batchesFrom(
  path: string,
  { position: first = 0, signal, lends = false, watch }: Source,
): AsyncGenerator<readonly JournalRecord[], void> {
  await using file = await openIfThere(path);
  if (!file) return;
  const parser = new RecordParser({ lends });
  let position = first;
  for (let last = false; ;) {
    const more = watch();
    for (;;) {
      const room = parser.room();
      const { bytesRead } = await file.read(room, 0, room.length, position);
      if (bytesRead === 0) break;
      position += bytesRead;
      const records = parser.took(bytesRead);
      if (isAborted(signal)) return;
      if (records.length > 0) yield records;
    }
    if (last || parser.broken || isAborted(signal)) return;
    last = !(await more());
  }
}

/** Waits for a promise, or until nobody wants to wait any more. */
export async function settledOrAborted(
  promise: Promise<unknown>,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (isAborted(signal)) return;
  if (!signal) {
    await promise;
    return;
  }
  const left = Promise.withResolvers<undefined>();
  const leave = (): void => left.resolve(undefined);
  signal.addEventListener('abort', leave, { once: true });
  await Promise.race([promise, left.promise]);
  signal.removeEventListener('abort', leave);
}

/** `undefined`: there is no such file. */
export async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
