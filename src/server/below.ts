import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import { liesBelow } from '../base/lies-below.ts';
import { fail, ok } from '../base/result.ts';

import type { Result } from '../base/result.ts';
import type { Problem } from './problem.ts';

/**
 * The real path of a file or folder that lies in `folder`, wherever links lead. What lies elsewhere is
 * refused in the same words as what is not there.
 */
export async function below(
  folder: string,
  path: string,
  kind: 'file' | 'folder',
): Promise<Result<string, Problem>> {
  const problem: Problem = {
    status: 422,
    kind: `no-${kind}`,
    title: `There is no such ${kind} in the workspace`,
    detail: `Nothing that may be used lies at '${path}' in the workspace of the server.`,
  };
  try {
    const found = await realpath(resolve(folder, path));
    if (!liesBelow(await realpath(folder), found)) return fail(problem);
    const stats = await stat(found);
    return (kind === 'file' ? stats.isFile() : stats.isDirectory()) ? ok(found) : fail(problem);
  } catch {
    return fail(problem);
  }
}

/** The same for a file that may not be there before it is needed. */
export async function belowInTime(
  folder: string,
  path: string,
  kind: 'file' | 'folder',
): Promise<Result<string, Problem>> {
  const found = await below(folder, path, kind);
  const at = resolve(folder, path);
  const isThere = await stat(at).then(
    () => true,
    () => false,
  );
  if (found.ok || isThere || kind === 'folder') return found;
  // Whatever of its way is there already must not lead elsewhere.
  let [known, rest] = [dirname(at), basename(at)];
  while (known !== dirname(known) && !(await stat(known).catch(() => undefined)))
    [known, rest] = [dirname(known), join(basename(known), rest)];
  const way = await below(folder, known, 'folder');
  return way.ok ? ok(join(way.value, rest)) : found;
}
