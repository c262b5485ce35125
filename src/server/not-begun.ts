import type { NotBegun } from './launch-runner.ts';
import type { Problem } from './problem.ts';

/** What the runner's exit code means: see the table of `continuo --help`. */
export function describeNotBegun({ code, said }: NotBegun, what = 'pipeline'): Problem {
  // Who said it is told by the title.
  const text = said.trim().replaceAll(/^continuo: error: /gm, '');
  const detail = text !== '' && { detail: text };
  if (code === 2)
    return { status: 422, kind: 'invalid-pipeline', title: `The ${what} has mistakes`, ...detail };
  if (code === 3)
    return { status: 503, kind: 'cannot-run', title: `The ${what} cannot run here`, ...detail };
  return {
    status: 500,
    kind: 'runner-ended',
    title: 'The process of the run has ended before the run began',
    ...detail,
  };
}
