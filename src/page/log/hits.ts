/** What the server tells of a search. */
export interface HitsAnswer {
  /** Lines that have it: some of them, one after the other. */
  readonly lines: readonly number[];
  /** How many there are before these. */
  readonly before: number;
  readonly total: number;
  readonly searched: number;
}

/** Which hits to ask the server for. */
export type Part = { readonly from: number } | { readonly before: number };

/** Where a hit is to be found. */
export type Found =
  | { readonly kind: 'line'; readonly line: number }
  /** Not among those that are known: in this part, or, when there is nothing in it, beyond the other end. */
  | { readonly kind: 'ask'; readonly part: Part; readonly otherwise: Part }
  | { readonly kind: 'none' };

/** The way one goes through hits. */
export interface Way {
  /** The hit that comes after a line, and behind the last one the first. */
  readonly look: (hits: HitsAnswer, line: number) => Found;
  /** Of hits that were asked for, the one that comes first on this way. */
  readonly first: (hits: HitsAnswer) => number | undefined;
}

export const forwards: Way = {
  look({ lines, before, total }, line) {
    if (total === 0) return { kind: 'none' };
    const ask = { kind: 'ask', part: { from: line + 1 }, otherwise: { from: 1 } } as const;
    const [first] = lines;
    if (first === undefined || (before > 0 && line < first - 1)) return ask;
    const hit = lines.find((one) => one > line);
    if (hit !== undefined) return { kind: 'line', line: hit };
    return before === 0 && lines.length === total ? { kind: 'line', line: first } : ask;
  },
  first: ({ lines }) => lines[0],
};

export const backwards: Way = {
  look({ lines, before, total }, line) {
    if (total === 0) return { kind: 'none' };
    const end = Number.MAX_SAFE_INTEGER;
    const ask = { kind: 'ask', part: { before: line }, otherwise: { before: end } } as const;
    const last = lines.at(-1);
    if (last === undefined || (before + lines.length < total && line > last + 1)) return ask;
    const hit = lines.findLast((one) => one < line);
    if (hit !== undefined) return { kind: 'line', line: hit };
    return before === 0 && lines.length === total ? { kind: 'line', line: last } : ask;
  },
  first: ({ lines }) => lines.at(-1),
};

/** Which of all hits a line is, from 1. `undefined`: it is none of those that are known. */
export function rankOf(
  { lines, before }: HitsAnswer,
  line: number | undefined,
): number | undefined {
  const at = line === undefined ? -1 : lines.indexOf(line);
  return at === -1 ? undefined : before + at + 1;
}
