/** Some lines, one after the other, from 1 on; the last one included. */
export interface LineRange {
  readonly first: number;
  readonly last: number;
}

/** Reads `12` or `12-30`. */
export function parseRange(text: string): LineRange | undefined {
  const [, from, to] = /^\s*(\d{1,15})(?:\s*[-–]\s*(\d{1,15}))?\s*$/.exec(text) ?? [];
  if (from === undefined) return undefined;
  const [first, last] = [Number(from), Number(to ?? from)].toSorted((one, other) => one - other);
  return first! >= 1 ? { first: first!, last: last! } : undefined;
}

/** How it is named. */
export const nameRange = ({ first, last }: LineRange): string =>
  first === last ? `line ${first}` : `lines ${first}–${last}`;
