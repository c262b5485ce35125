import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';

/** Where a run takes commands: a socket in its folder. */
const socketName = 'control.sock';

/** An address may have so many bytes: 104 on macOS and 108 on Linux, of which one ends it. */
const mostBytes = 103;

/** A path by which a socket can be reached, until it is disposed of. */
export interface SocketPath extends Disposable {
  readonly path: string;
}

/**
 * The socket in a folder. One whose path is too long for an address is reached through the open folder,
 * which Linux has under a short name. Throws where the folder is not there.
 */
export function socketIn(folder: string): SocketPath {
  const path = join(folder, socketName);
  if (Buffer.byteLength(path) <= mostBytes) return { path, [Symbol.dispose]: () => undefined };
  const opened = openSync(folder, 'r');
  return {
    path: `/proc/self/fd/${opened}/${socketName}`,
    [Symbol.dispose]: () => closeSync(opened),
  };
}
