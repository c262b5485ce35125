import { fail, ok } from '../../base/result.ts';

import type { Result } from '../../base/result.ts';

/** The server takes no more. */
const mostBytes = 1_024 * 1_024;

/** The text of a file of the person's machine, or a sentence that says why it is not to be had. */
export async function readText(file: File): Promise<Result<string, string>> {
  const name = `'${file.name}'`;
  if (file.size > mostBytes)
    return fail(`${name} has more than 1 MiB: put it into the server's workspace.`);
  let bytes: ArrayBuffer;
  try {
    bytes = await file.arrayBuffer();
  } catch {
    return fail(`${name} cannot be read.`);
  }
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return fail(`${name} is no text in UTF-8.`);
  }
}
