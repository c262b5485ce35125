import type { Parsed } from './parsed.ts';
import type { Written } from './parse.ts';

// The parser knows nothing of expressions within expressions. Each is put out of its sight by characters that
// are those of a name, as many as it has itself, so that all places stay what they are. They are of an area of
// Unicode in which nothing is defined.

const first = 0xe000;
const filler = '\uf8ff';

/** A character that stands in for something. */
export const concealed = /[\ue000-\uf8ff]/;

/** The source with something of the same length in the place of every expression in it. */
export function conceal({ source, inside, begin }: Written): string {
  let clear = '';
  let end = 0;
  for (const [index, { start, end: next }] of inside.entries()) {
    const standIn = String.fromCharCode(first + (index % (filler.charCodeAt(0) - first)));
    clear += source.slice(end, start - begin) + standIn.padEnd(next - start, filler);
    end = next - begin;
  }
  return clear + source.slice(end);
}

/** A text of the source, with the expressions in the places where they stood. */
export function reveal(text: string, nested: readonly Parsed[]): Parsed {
  if (!concealed.test(text)) return { kind: 'value', value: text };
  const parts = text
    .split(/([\ue000-\uf8fe]\uf8ff*)/)
    .filter((part) => part !== '')
    .map((part): Parsed => nested[part.charCodeAt(0) - first] ?? { kind: 'value', value: part });
  return parts.length === 1 ? parts[0]! : { kind: 'text', parts };
}
