import { PassThrough, pipeline } from 'node:stream';

import type { Readable } from 'node:stream';

/** More than comes before the engine has answered what it is asked at a start. */
const mostBytes = 32 * 1_024 * 1_024;

/**
 * The same stream, taken in from now on, whether or not anybody reads it yet. An engine that cannot
 * get rid of what a container prints answers nothing about that container: whoever asks it first and
 * reads then waits for ever. Ends, breaks and is destroyed as the stream is, and that with it.
 */
export function readAhead(stream: Readable): Readable {
  const ahead = new PassThrough({ highWaterMark: mostBytes });
  // Who reads is told of it; nobody may have begun.
  for (const each of [stream, ahead]) each.on('error', () => undefined);
  pipeline(stream, ahead, () => undefined);
  return ahead;
}
