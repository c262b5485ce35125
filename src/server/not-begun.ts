import type { NotBegun } from './launch-runner.ts';
import type { Problem } from './problem.ts';

/**
 * What the runner's exit code means: see the table of `continuo --help`, and `exitCode.missing` for what only checks end
 * with. `checked`: what was only to be looked at.
 */
export function describeNotBegun(
  { code, said }: NotBegun,
  checked?: 'pipeline' | 'plugin',
): Problem {
  const what = checked ?? 'pipeline';
  // Who said it is told by the title.
  const text = said.trim().replaceAll(/^continuo: error: /gm, '');
  const detail = text !== '' && { detail: text };
  if (code === 66)
    return { status: 422, kind: 'no-file', title: 'There is no such file', ...detail };
  if (code === 2)
    return { status: 422, kind: 'invalid-pipeline', title: `The ${what} has mistakes`, ...detail };
  if (code === 3)
    return { status: 503, kind: 'cannot-run', title: `The ${what} cannot run here`, ...detail };
  return {
    status: 500,
    kind: 'runner-ended',
    title: checked
      ? `The process that reads the ${checked} has ended`
      : 'The process of the run has ended before the run began',
    ...detail,
  };
}
