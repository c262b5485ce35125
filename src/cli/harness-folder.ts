import { readdir } from 'node:fs/promises';
import { realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

import { realPathBelow } from './real-path.ts';

import type { World } from './world.ts';

/**
 * What `.harness` has of that name, for a pipeline file of this machine: in the nearest folder above the file, up
 * to that of its repository, or to `readsBelow`. As people see it from `cwd`.
 */
export function besidePipeline(
  file: string,
  name: string,
  { cwd, readsBelow }: Pick<World, 'cwd' | 'readsBelow'>,
): string | undefined {
  const top = readsBelow === undefined ? undefined : realOf(readsBelow);
  for (let folder = dirname(resolve(cwd, file)); ; folder = dirname(folder)) {
    const found = join(folder, '.harness', name);
    if (isThere(found)) return relative(cwd, found);
    if (isThere(join(folder, '.git')) || dirname(folder) === folder) return undefined;
    if (top !== undefined && realOf(folder) === top) return undefined;
  }
}

const realOf = (path: string): string | undefined => {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
};

const isThere = (path: string): boolean => {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
};

/**
 * The YAML files of a folder, at any depth, in the order of their names; where `texts` has any for it, by their
 * absolute paths, those. Rejects as `node:fs` and `realPathBelow` do.
 */
export async function yamlFilesIn(
  folder: string,
  { cwd, texts = new Map(), readsBelow }: Pick<World, 'cwd' | 'texts' | 'readsBelow'>,
): Promise<readonly string[]> {
  const given = [...texts.keys()].filter((path) => path.startsWith(`${resolve(cwd, folder)}/`));
  if (given.length > 0)
    return given.map((path) => join(folder, relative(resolve(cwd, folder), path))).sort();
  if (readsBelow !== undefined) await realPathBelow(readsBelow, resolve(cwd, folder));
  const entries = await readdir(resolve(cwd, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && /\.ya?ml$/i.test(entry.name))
    .map(({ parentPath, name }) => join(folder, relative(resolve(cwd, folder), parentPath), name))
    .sort();
}
