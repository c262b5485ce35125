import { createAutomaton } from './automaton.ts';
import { ReplacingFilter } from './replacing-filter.ts';
import { base64Forms, textForms } from './secret-forms.ts';

import type { Automaton } from './automaton.ts';
import type { ByteFilter, Words } from './replacing-filter.ts';

/** Puts `********` where a secret stands, in any of its forms. */
export interface Masker {
  /** A filter for one stream of bytes. Heeds what is to be hidden later, too, from then on. */
  filter(): ByteFilter;
  text(text: string): string;
  /** Takes more secrets. */
  hide(secrets: readonly string[]): void;
}

const mask = Buffer.from('********');
const nothing = Buffer.alloc(0);

/** A masker for these secrets. Blank ones are ignored; without any, masking costs nothing. */
export function createMasker(secrets: readonly string[]): Masker {
  const known = new Set<string>();
  const inBase64 = new Set<string>();
  let words: Words | undefined;
  const hide = (more: readonly string[]): void => {
    const before = known.size + inBase64.size;
    for (const form of more.flatMap(base64Forms)) inBase64.add(form);
    for (const form of [...more.flatMap(textForms), ...inBase64]) known.add(form);
    if (known.size + inBase64.size > before)
      words = { whole: automatonOf(known), breakable: automatonOf(inBase64) };
  };
  hide(secrets);
  const filter = (): ByteFilter => new MaskingFilter(() => words);
  return { hide, filter, text: (text) => (words ? filterText(filter(), text) : text) };
}

const automatonOf = (forms: Iterable<string>): Automaton =>
  createAutomaton(Array.from(forms, (form) => Buffer.from(form)));

/** Masks the words that there are by the time of each piece. */
class MaskingFilter implements ByteFilter {
  readonly #known: () => Words | undefined;
  #words: Words | undefined;
  #filter: ReplacingFilter | undefined;

  constructor(known: () => Words | undefined) {
    this.#known = known;
  }

  push(bytes: Buffer): Buffer {
    const words = this.#known();
    if (words && words !== this.#words) {
      this.#words = words;
      if (this.#filter) this.#filter.follow(words);
      else this.#filter = new ReplacingFilter(words, () => mask);
    }
    return this.#filter?.push(bytes) ?? bytes;
  }

  end(): Buffer {
    return this.#filter?.end() ?? nothing;
  }
}

function filterText(filter: ByteFilter, text: string): string {
  const bytes = Buffer.from(text);
  const settled = filter.push(bytes);
  if (settled === bytes) return text;
  return Buffer.concat([settled, filter.end()]).toString();
}
