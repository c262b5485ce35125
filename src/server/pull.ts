import { Readable } from 'node:stream';

/**
 * A stream of what `pieces` makes, made as it is read: a slow reader holds nobody up, and takes no
 * memory. The signal aborts when nobody reads any more.
 */
export function pull(pieces: (signal: AbortSignal) => AsyncIterable<string | Buffer>): Readable {
  const left = new AbortController();
  const stream = Readable.from(pieces(left.signal), { objectMode: false });
  stream.once('close', () => left.abort());
  return stream;
}
