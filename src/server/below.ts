import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';

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
    const way = relative(await realpath(folder), found);
    if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) return fail(problem);
    const stats = await stat(found);
    return (kind === 'file' ? stats.isFile() : stats.isDirectory()) ? ok(found) : fail(problem);
  } catch {
    return fail(problem);
  }
}
