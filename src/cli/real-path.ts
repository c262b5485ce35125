import { realpath } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

import { liesBelow } from '../base/lies-below.ts';
import { Unreadable } from '../dialect/common/read-bytes.ts';

// What `node:fs/promises` brings with it takes some of the start of every command.
const realPath = promisify(realpath);

/**
 * The real path of what lies below `folder`, wherever links lead. Rejects with `Unreadable` for what lies elsewhere,
 * be it there or not, and as `node:fs` does for what is not there.
 */
export async function realPathBelow(folder: string, path: string): Promise<string> {
  const found = await realPath(path).catch((error: unknown) => error as Error);
  const real = typeof found === 'string' ? found : await realAncestor(path);
  if (!liesBelow(await realPath(folder), real)) throw new Unreadable(outside);
  if (typeof found !== 'string') throw found;
  return found;
}

/** What lies elsewhere is not told from what is not there. */
const outside = 'this lies outside of the workspace of the server, which reads nothing there';

/** The real path of the nearest of the folders above that is there. */
async function realAncestor(path: string): Promise<string> {
  const above = dirname(path);
  if (above === path) return path;
  return realPath(above).catch(() => realAncestor(above));
}
