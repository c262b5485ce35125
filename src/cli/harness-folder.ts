import { readdir } from 'node:fs/promises';
import { statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/**
 * What `.harness` has of that name, for a pipeline file of this machine: in the nearest folder above the file, up
 * to that of its repository. As people see it from `cwd`.
 */
export function besidePipeline(file: string, name: string, cwd: string): string | undefined {
  for (let folder = dirname(resolve(cwd, file)); ; folder = dirname(folder)) {
    const found = join(folder, '.harness', name);
    if (isThere(found)) return relative(cwd, found);
    if (isThere(join(folder, '.git')) || dirname(folder) === folder) return undefined;
  }
}

const isThere = (path: string): boolean => {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
};

/**
 * The YAML files of a folder, at any depth, in the order of their names; where `texts` has any for it, by their
 * absolute paths, those. Rejects as `node:fs` does.
 */
export async function yamlFilesIn(
  folder: string,
  cwd: string,
  texts: ReadonlyMap<string, string> = new Map(),
): Promise<readonly string[]> {
  const given = [...texts.keys()].filter((path) => path.startsWith(`${resolve(cwd, folder)}/`));
  if (given.length > 0)
    return given.map((path) => join(folder, relative(resolve(cwd, folder), path))).sort();
  const entries = await readdir(resolve(cwd, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && /\.ya?ml$/i.test(entry.name))
    .map(({ parentPath, name }) => join(folder, relative(resolve(cwd, folder), parentPath), name))
    .sort();
}
