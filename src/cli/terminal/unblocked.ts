import { constants, openSync, writeSync } from 'node:fs';
import { Writable } from 'node:stream';

import type { TextStream } from './port.ts';

/** A terminal that takes nothing just now is tried again after this time. */
const patienceMs = 20;

/**
 * The same terminal, written to without waiting for it: Node waits inside `write` until a terminal
 * has taken everything, and nothing else can happen meanwhile. Anything that is no terminal, or
 * that cannot be opened once more, is given back as it is.
 */
export function unblocked(stream: TextStream & { readonly fd: number }): TextStream {
  if (stream.isTTY !== true) return stream;
  const fd = openAgain(stream.fd);
  return fd === undefined ? stream : new Unblocked(fd, stream);
}

/** The other opening has flags of its own: the one we were given is shared with our parents. */
function openAgain(fd: number): number | undefined {
  const flags = constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
  try {
    return openSync(`/proc/self/fd/${fd}`, flags);
  } catch {
    return undefined;
  }
}

/**
 * Writes to a descriptor that does not block, one text after the other and each of them whole.
 * `write` answers `false` until everything before it is written. What is written to a terminal
 * that has gone is dropped.
 */
export class Unblocked extends Writable {
  readonly isTTY = true;
  readonly #fd: number;
  readonly #sized: TextStream;
  #gone = false;

  constructor(fd: number, sized: TextStream) {
    super({ highWaterMark: 1 });
    this.#fd = fd;
    this.#sized = sized;
    sized.on('resize', () => this.emit('resize'));
  }

  get columns(): number | undefined {
    return this.#sized.columns;
  }

  get rows(): number | undefined {
    return this.#sized.rows;
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const rest = this.#put(bytes);
    if (rest.length === 0) done();
    else setTimeout(() => this._write(rest, _encoding, done), patienceMs);
  }

  /** Writes what there is room for, and answers what is left. */
  #put(bytes: Buffer): Buffer {
    let rest = bytes;
    try {
      while (rest.length > 0 && !this.#gone) rest = rest.subarray(writeSync(this.#fd, rest));
    } catch (error) {
      if (!isFull(error)) this.#gone = true;
    }
    return this.#gone ? Buffer.alloc(0) : rest;
  }
}

const isFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EAGAIN';
