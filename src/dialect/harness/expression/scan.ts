/** A complete `<+…>` in a text: from its `<` to behind its `>`. */
export interface Region {
  readonly start: number;
  readonly end: number;
  /** Those within it, in their order. */
  readonly inside: readonly Region[];
}

interface Open {
  readonly start: number;
  readonly inside: Region[];
  /** The quote that is open in it. */
  quote: string;
  /** How many brackets are open in it. */
  brackets: number;
  /** Where the first `>` stands that cannot be its end. */
  firstSign?: number;
}

/** Whether a text may hold an expression. */
export const hasExpressions = (written: string): boolean => written.includes('<+');

/** One with nothing in it that could hide its end: nearly all are. */
const simple = /<\+[^<>"'()[\]\\]*>/y;

/** What may change what a `>` means. */
const sign = /[<>"'()[\]\\]/g;

/**
 * The outermost expressions of a text. One ends at the first `>` that stands neither in quotes nor in
 * brackets of its own: as an operator, `>` stands in brackets or is written `gt`. What has no end is text.
 */
export function regionsOf(written: string): readonly Region[] {
  if (!hasExpressions(written)) return [];
  if (written.length > maxKnownLength) return scan(written);
  const before = known.get(written);
  if (before) return before;
  const found = scan(written);
  if (known.size >= maxKnown) known.clear();
  known.set(written, found);
  return found;
}

/** The same texts come again and again. */
const known = new Map<string, readonly Region[]>();
const maxKnown = 10_000;
const maxKnownLength = 500;

function scan(written: string): readonly Region[] {
  const outermost: Region[] = [];
  const open: Open[] = [];
  let at = written.indexOf('<+');
  while (at < written.length) {
    const inner = open.at(-1);
    if (written.startsWith('<+', at)) {
      simple.lastIndex = at;
      if (simple.test(written)) {
        (inner?.inside ?? outermost).push({ start: at, end: simple.lastIndex, inside: [] });
        at = simple.lastIndex;
        continue;
      }
      open.push({ start: at, inside: [], quote: '', brackets: 0 });
      at += 2;
      continue;
    }
    if (!inner) {
      at = written.indexOf('<+', at);
      if (at === -1) break;
      continue;
    }
    sign.lastIndex = at;
    at = sign.exec(written)?.index ?? written.length;
    if (at === written.length || written.startsWith('<+', at)) continue;
    const char = written[at]!;
    const mayEnd = inner.quote === '' && inner.brackets <= 0;
    if (char === '>' && !mayEnd) inner.firstSign ??= at;
    if (inner.quote !== '' && char === '\\') at += 1;
    else if (inner.quote !== '') inner.quote = char === inner.quote ? '' : inner.quote;
    else if (char === '"' || char === "'") inner.quote = char;
    else if (char === '(' || char === '[') inner.brackets += 1;
    else if (char === ')' || char === ']') inner.brackets -= 1;
    else if (char === '>' && mayEnd) {
      open.pop();
      const { start, inside } = inner;
      (open.at(-1)?.inside ?? outermost).push({ start, end: at + 1, inside });
    }
    at += 1;
  }
  return [...outermost, ...open.flatMap((one) => regionsOfOpen(written, one))];
}

/**
 * What is complete within what is not. A line in which a quote or a bracket is not closed before a `>` is
 * taken for an expression that is wrong, rather than for text.
 */
function regionsOfOpen(written: string, { start, inside, firstSign }: Open): readonly Region[] {
  if (firstSign === undefined || written.slice(start, firstSign).includes('\n')) return inside;
  const end = firstSign + 1;
  const own = { start, end, inside: inside.filter((one) => one.end < end) };
  return [own, ...inside.filter((one) => one.start >= end)];
}
