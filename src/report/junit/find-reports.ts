import { glob, stat } from 'node:fs/promises';
import { resolve } from 'node:path';

import { isAborted } from '../../base/abort.ts';

/** A file that a pattern names. */
export interface FoundReport {
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
  readonly writtenMs: number;
  /** The same file with the same content has the same one. */
  readonly identity: string;
}

/** Of one pattern; what is beyond is not looked at. */
const maxFiles = 2_000;

/**
 * The files that a pattern names, by their paths. `*`, `**`, `?` and `[…]` are patterns; a file that is called
 * just like that is one of them, too.
 */
export async function findReports(
  pattern: string,
  folder: string,
  signal: AbortSignal,
): Promise<{ readonly files: readonly FoundReport[]; readonly isCut: boolean }> {
  const files = new Map<string, FoundReport>();
  const take = async (path: string): Promise<void> => {
    const found = await look(path);
    if (found) files.set(path, found);
  };
  await take(resolve(folder, pattern));
  let isCut = false;
  for await (const path of glob(pattern, { cwd: folder })) {
    isCut = files.size >= maxFiles;
    if (isCut || isAborted(signal)) break;
    await take(resolve(folder, path));
  }
  const sorted = [...files.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
  return { files: sorted, isCut };
}

/** Nothing: it is no file, or is gone. */
async function look(path: string): Promise<FoundReport | undefined> {
  try {
    const told = await stat(path);
    if (!told.isFile()) return undefined;
    const { dev, ino, size, mtimeMs } = told;
    return { path, bytes: size, writtenMs: mtimeMs, identity: `${dev} ${ino} ${size} ${mtimeMs}` };
  } catch {
    return undefined;
  }
}
