import { fail, ok } from '../../base/result.ts';
import { mostOutputs, tooManyOutputs } from '../common/place-facts.ts';
import { firstFileOf } from './archive.ts';
import { messageOf } from './asking.ts';
import { outputsFile } from './mount-points.ts';

import type { Result } from '../../base/result.ts';
import type { Container } from './container.ts';

const noFile = 'its file of outputs is no file any more';

/** What stands around a file in an archive, at most. */
const headers = 16 * 1_024;

/** Takes what a task has handed over out of its container, which must be there, running or not. */
export async function takeOutputs(container: Container): Promise<Result<string, string>> {
  try {
    // Podman follows a link, and puts what it leads to into the archive by the name of the link.
    if (!(await container.isFile(outputsFile))) return fail(noFile);
    const archive = await container.take(outputsFile, mostOutputs + headers);
    const file = firstFileOf(archive);
    if (archive.length > mostOutputs + headers || (file && file.length > mostOutputs))
      return fail(tooManyOutputs);
    return file ? ok(file.toString()) : fail(noFile);
  } catch (error) {
    return fail(`its file of outputs cannot be read: ${messageOf(error)}`);
  }
}
