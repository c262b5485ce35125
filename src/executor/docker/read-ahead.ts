import { finished, Readable } from 'node:stream';

/** More than comes before the engine has answered what it is asked at a start. */
const mostBytes = 32 * 1_024 * 1_024;

/**
 * The same stream, taken in from now on, whether or not anybody reads it yet. An engine that cannot
 * get rid of what a container prints answers nothing about that container: whoever asks it first and
 * reads then waits for ever. Once it is read, no more of it is held than of any stream. Ends, breaks and is
 * destroyed as the stream is, and that with it.
 */
export function readAhead(stream: Readable): Readable {
  const ahead = new Readable({
    read: () => void stream.resume(),
    destroy(error, done) {
      stream.destroy();
      done(error);
    },
  });
  stream.on('data', (chunk: Buffer) => {
    ahead.push(chunk);
    const most = ahead.readableDidRead ? ahead.readableHighWaterMark : mostBytes;
    if (ahead.readableLength >= most) stream.pause();
  });
  // Who reads is told of it; nobody may have begun.
  ahead.on('error', () => undefined);
  finished(stream, { writable: false }, (error) => {
    if (error) ahead.destroy(error);
    else ahead.push(null);
  });
  return ahead;
}
