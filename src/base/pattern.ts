import { fail, ok } from './result.ts';

import type { Result } from './result.ts';

/**
 * The regular expression that a person wrote, or why it is none. Read with the `u` flag when that
 * takes it (`\u{…}` and `\p{…}` mean something), without it otherwise: many a pattern that works
 * everywhere is refused under its stricter rules. With `lines`, `^` and `$` match at every line.
 */
export function compilePattern(written: string, { lines = false } = {}): Result<RegExp, string> {
  const flags = lines ? 'm' : '';
  const strict = compile(written, `${flags}u`);
  return strict.ok ? strict : compile(written, flags);
}

function compile(written: string, flags: string): Result<RegExp, string> {
  try {
    return ok(new RegExp(written, flags));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return fail(reason.slice(reason.lastIndexOf(': ') + 2).toLowerCase());
  }
}
