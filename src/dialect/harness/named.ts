import { child, valueSpan } from '../common/tree.ts';
import { runtimeId } from './place.ts';

import type { Named } from '../common/outline.ts';
import type { Place } from './place.ts';

/** The name of the innermost level, at the place where it is written. */
export function namedAt({ levels }: Place): Named | undefined {
  const text = runtimeId(levels);
  const { body } = levels.at(-1)!;
  const written = child(body, 'identifier') ?? child(body, 'name');
  return text === '' || !written ? undefined : { text, span: written.alias ?? valueSpan(written) };
}
