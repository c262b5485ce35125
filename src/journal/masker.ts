import { createAutomaton } from './automaton.ts';
import { ReplacingFilter } from './replacing-filter.ts';
import { secretForms } from './secret-forms.ts';

import type { ByteFilter } from './replacing-filter.ts';

/** Puts `********` where a secret stands, in any of its forms. */
export interface Masker {
  /** A filter for one stream of bytes. `undefined` when there is nothing to mask. */
  filter(): ByteFilter | undefined;
  text(text: string): string;
}

const mask = Buffer.from('********');

/** A masker for these secrets. Blank ones are ignored; without any, masking costs nothing. */
export function createMasker(secrets: readonly string[]): Masker {
  const forms = new Set(secrets.flatMap(secretForms));
  if (forms.size === 0) return { filter: () => undefined, text: (text) => text };
  const words = createAutomaton([...forms].map((form) => Buffer.from(form)));
  const filter = (): ByteFilter => new ReplacingFilter(words, () => mask);
  return { filter, text: (text) => filterText(filter(), text) };
}

function filterText(filter: ByteFilter, text: string): string {
  const bytes = Buffer.from(text);
  const settled = filter.push(bytes);
  if (settled === bytes) return text;
  return Buffer.concat([settled, filter.end()]).toString();
}
