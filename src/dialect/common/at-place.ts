import { lineOf } from './source.ts';

import type { Where } from '../../plan/plan.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Source } from './source.ts';

/** Something wrong with a plan that was made of a file, as a sentence without its full stop. */
interface Mistake {
  readonly where: Where;
  readonly message: string;
  readonly hint?: string;
}

/** A mistake of a plan as one of its file: what begins at its place is underlined. */
export function atPlace({ where, message, hint }: Mistake, source: Source | undefined): Diagnostic {
  const { file, line, column } = where;
  const rest = source ? lineOf(source, line).slice(column - 1) : '';
  const word = /^(?:"[^"]*"|'[^']*'|[^\s,\]}]*)/.exec(rest)?.[0] ?? '';
  return {
    severity: 'error',
    message,
    where: { file, line, column, endLine: line, endColumn: column + word.length },
    ...(hint !== undefined && { hint }),
  };
}
