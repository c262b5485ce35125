import { close, constants, open, openSync, read, stat } from 'node:fs';
import { Socket } from 'node:net';
import { promisify } from 'node:util';

// What `node:fs/promises` brings with it takes some of the start of every command.
const closeFile = promisify(close);
const openFile = promisify(open);
const readFile = promisify(read);
const statFile = promisify(stat);

/**
 * Gives the first bytes of a file, at most `limit`. Rejects as `node:fs` does, and when `signal` aborts
 * while nobody writes to a pipe.
 */
export type ReadBytes = (file: string, limit: number, signal?: AbortSignal) => Promise<Uint8Array>;

/** Why a file is not read that could be: its message is a sentence for people. */
export class Unreadable extends Error {}

/** Reads files only: whoever wrote a name that leads to a pipe or a device does not write to it. */
export const readFileBytes: ReadBytes = async (file, limit, signal) => {
  const stats = await statFile(file);
  if (!stats.isFile() && !stats.isDirectory())
    throw new Unreadable('this is a pipe or a device; only a file can be read here');
  return readBytes(file, limit, signal);
};

/** Reads pipes and devices too, and never more than asked for. */
export const readBytes: ReadBytes = async (file, limit, signal) => {
  if ((await statFile(file)).isFIFO()) return readPipe(file, limit, signal);
  const fd = await openFile(file, 'r');
  try {
    const chunks: Uint8Array[] = [];
    let size = 0;
    while (size < limit) {
      const chunk = Buffer.allocUnsafe(Math.min(64 * 1024, limit - size));
      const { bytesRead } = await readFile(fd, chunk, 0, chunk.length, null);
      if (bytesRead === 0) break;
      chunks.push(chunk.subarray(0, bytesRead));
      size += bytesRead;
    }
    return Buffer.concat(chunks);
  } finally {
    await closeFile(fd);
  }
};

/*
 * To open and to read a pipe takes until somebody writes to it. A process whose files wait so cannot
 * exit, not even by `process.exit`; one whose sockets do, can.
 */
async function readPipe(file: string, limit: number, signal?: AbortSignal): Promise<Uint8Array> {
  const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  const socket = new Socket({ fd, readable: true, writable: false, ...(signal && { signal }) });
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= limit) break;
  }
  return Buffer.concat(chunks).subarray(0, limit);
}
