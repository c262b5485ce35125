import { isAddress } from '../base/is-address.ts';
import { fail, ok } from '../base/result.ts';
import { below, belowInTime } from './below.ts';

import type { Result } from '../base/result.ts';
import type { Wish } from './launch-runner.ts';
import type { Problem } from './problem.ts';

/**
 * Where a pipeline lies: an address as it is, or a file below the workspace; one `inTime` need not be
 * there before it is read.
 */
export async function pipelineFile(
  workspace: string,
  file: string,
  inTime: boolean,
): Promise<Result<string, Problem>> {
  if (isAddress(file)) return URL.canParse(file) ? ok(file) : fail(noAddress(file));
  return (inTime ? belowInTime : below)(workspace, file, 'file');
}

const noAddress = (file: string): Problem => ({
  ...{ status: 422, kind: 'no-file', title: 'There is no such file' },
  detail: `'${file}' is no address.`,
});

type Files = Pick<Wish, 'plugins' | 'inputFiles' | 'templates' | 'connectors' | 'others'>;

/** Where the other files of an order are that are not given as texts: below the workspace, or at an address. */
export async function otherFiles(
  { texts = {}, plugins, inputFiles, templates, connectors, others }: Files & Pick<Wish, 'texts'>,
  workspace: string,
): Promise<Result<Files, Problem>> {
  const given = Object.keys(texts);
  const problems: Problem[] = [];
  const place = async (path: string, kind: 'file' | 'folder'): Promise<string> => {
    const isGiven = given.some((name) => name === path || name.startsWith(`${path}/`));
    if (isGiven || isAddress(path)) return path;
    return known(path, await below(workspace, path, kind));
  };
  const known = (path: string, found: Result<string, Problem>): string => {
    if (!found.ok) problems.push(found.failure);
    return found.ok ? found.value : path;
  };
  const all = (paths: readonly string[]): Promise<string[]> =>
    Promise.all(paths.map((path) => place(path, 'file')));
  const placed: Files = {
    ...(plugins && { plugins: await all(plugins) }),
    ...(inputFiles && { inputFiles: await all(inputFiles) }),
    ...(templates !== undefined && { templates: await place(templates, 'folder') }),
    ...(connectors !== undefined && { connectors: await place(connectors, 'file') }),
    ...(others && {
      others: await Promise.all(
        others.map(async (path) => known(path, await pipelineFile(workspace, path, true))),
      ),
    }),
  };
  const [problem] = problems;
  return problem ? fail(problem) : ok(placed);
}
