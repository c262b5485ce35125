import { fail, ok } from '../../base/result.ts';
import { Unreadable, readBytes } from './read-bytes.ts';
import { toSource } from './source.ts';

import type { Result } from '../../base/result.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { ReadBytes } from './read-bytes.ts';
import type { Source } from './source.ts';

/** A pipeline file is read up to here. */
export const maxBytes = 10 * 1024 * 1024;

/** What is to be read: a path, or the address of an http server. */
export interface Wanted {
  readonly at: string;
  /** What an http server is shown to answer. */
  readonly token?: Token;
  /** A pipeline has named it: nobody writes to a pipe for that. */
  readonly isImport?: boolean;
}

export interface Token {
  readonly value: string;
  /** Where it comes from, for people: "the token of the import". */
  readonly from: string;
}

/** Gives the text of what is wanted, under the name that people see, or why it cannot be had. */
export type ReadSource = (wanted: Wanted) => Promise<Result<Source, Diagnostic>>;

/** The text of a pipeline file, or why it cannot be had. */
export async function readSource(
  file: string,
  read: ReadBytes = readBytes,
): Promise<Result<Source, Diagnostic>> {
  try {
    return decode(file, await read(file, maxBytes + 1));
  } catch (error) {
    const diagnostic = unread(file, whyUnreadable(error));
    return fail(isMissing(error) ? { ...diagnostic, reason: 'missing' } : diagnostic);
  }
}

/** The text that these bytes are, at most `maxBytes` of them. */
export function decode(file: string, bytes: Uint8Array): Result<Source, Diagnostic> {
  if (bytes.length > maxBytes)
    return fail(unread(file, 'this file is larger than 10 MB, which no pipeline is'));
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return ok(toSource(file, text));
  } catch {
    return fail(notUtf8(file, bytes));
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

function whyUnreadable(error: unknown): string {
  if (error instanceof Unreadable) return error.message;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'ENOTDIR':
      return 'there is no such file: a part of its path is not a directory';
    case 'EISDIR':
      return 'this is a directory; name the pipeline file in it';
    case 'EACCES':
    case 'EPERM':
      return 'this file may not be read by you; see its permissions';
    case 'ELOOP':
      return 'this is a symbolic link that leads to itself';
    case 'ENAMETOOLONG':
      return 'there is no such file: its name is too long';
    default:
      return `this file cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** That a file cannot be had. */
export const unread = (file: string, message: string, hint?: string): Diagnostic => ({
  severity: 'error',
  message,
  where: { file, line: 1, column: 1, endLine: 1, endColumn: 1 },
  ...(hint !== undefined && { hint }),
});

function notUtf8(file: string, bytes: Uint8Array): Diagnostic {
  const hint = 'save it as UTF-8; a text in another encoding can be put through `iconv`';
  if (bytes[0] === 0xff || bytes[0] === 0xfe)
    return unread(file, 'this file is UTF-16, not UTF-8', hint);
  const offset = firstInvalidByte(bytes);
  const before = new TextDecoder().decode(bytes.subarray(0, offset));
  const line = before.split('\n').length;
  const column = before.length - before.lastIndexOf('\n');
  const byte = `0x${bytes[offset]!.toString(16).padStart(2, '0')}`;
  return {
    severity: 'error',
    message: `this file is not UTF-8: byte ${offset} (${byte}) begins no character`,
    where: { file, line, column, endLine: line, endColumn: column },
    hint,
  };
}

/** Where the first character stands that is none. */
function firstInvalidByte(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isUtf8(bytes.subarray(0, middle), { cutOff: true })) good = middle;
    else bad = middle;
  }
  while (!isUtf8(bytes.subarray(0, good), { cutOff: false })) good--;
  return good;
}

/** Whether bytes are UTF-8; when `cutOff`, the last character may be incomplete. */
function isUtf8(bytes: Uint8Array, { cutOff }: { cutOff: boolean }): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: cutOff });
    return true;
  } catch {
    return false;
  }
}
