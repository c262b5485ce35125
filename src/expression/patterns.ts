import { compilePattern } from '../base/pattern.ts';
import { fail, ok } from '../base/result.ts';

import type { Result } from '../base/result.ts';

/** The expression made to match only the whole of a text, or a clause that says why it is none. */
export function compileWhole(pattern: string): Result<RegExp, string> {
  const own = compilePattern(pattern);
  return own.ok
    ? ok(new RegExp(`^(?:${own.value.source})$`, own.value.flags))
    : fail(`\`${pattern}\` is no regular expression: ${own.failure}`);
}
