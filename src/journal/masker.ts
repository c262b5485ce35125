import { createAutomaton } from './automaton.ts';
import { ReplacingFilter } from './replacing-filter.ts';
import { secretForms } from './secret-forms.ts';

import type { Automaton } from './automaton.ts';
import type { ByteFilter } from './replacing-filter.ts';

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
  let words: Automaton | undefined;
  const hide = (more: readonly string[]): void => {
    const before = known.size;
    for (const form of more.flatMap(secretForms)) known.add(form);
    if (known.size > before)
      words = createAutomaton(Array.from(known, (form) => Buffer.from(form)));
  };
  hide(secrets);
  const filter = (): ByteFilter => new MaskingFilter(() => words);
  return { hide, filter, text: (text) => (words ? filterText(filter(), text) : text) };
}

/** Masks the words that there are by the time of each piece. */
class MaskingFilter implements ByteFilter {
  readonly #known: () => Automaton | undefined;
  #words: Automaton | undefined;
  #filter: ReplacingFilter | undefined;

  constructor(known: () => Automaton | undefined) {
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
