import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

import { fail, ok } from '../../base/result.ts';
import { mostOutputs, tooManyOutputs } from '../common/place-facts.ts';

import type { Result } from '../../base/result.ts';

/** Reads what a task has put into its file. Whatever else it has put in the place of that is not followed or waited for. */
export async function readOutputs(path: string): Promise<Result<string, string>> {
  try {
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    await using file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const stat = await file.stat();
    if (!stat.isFile()) return fail('its file of outputs is no file any more');
    if (stat.size > mostOutputs) return fail(tooManyOutputs);
    return ok(await file.readFile('utf8'));
  } catch (error) {
    return fail(`its file of outputs cannot be read: ${(error as Error).message}`);
  }
}
