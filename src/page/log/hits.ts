/** What the server tells of a search. */
export interface HitsAnswer {
  /** Lines that have it: some of them, one after the other. */
  readonly lines: readonly number[];
  /** Where to go on, if `total` is not told. */
  readonly next?: number;
  /** How many there are before these. */
  readonly before?: number;
  readonly total?: number;
  readonly searched: number;
}

/** Which hits to ask the server for. */
export type Part = { readonly from: number } | { readonly before: number };

/** All hits among some lines that follow on each other. */
export interface Hits {
  readonly lines: readonly number[];
  /** The first line that was looked at. */
  readonly first: number;
  /** The line after the last one that was looked at. */
  readonly end: number;
  /** How many lines the log had. */
  readonly searched: number;
}

/** What an answer to this question comes to. */
export function toHits({ lines, next, before, total, searched }: HitsAnswer, part: Part): Hits {
  const known = { lines, searched };
  if ('from' in part) {
    const isCut = total !== undefined && (before ?? 0) + lines.length < total;
    const end = isCut ? lines.at(-1)! + 1 : (next ?? searched + 1);
    return { ...known, first: part.from, end: Math.max(end, part.from) };
  }
  const isCut = total !== undefined && (before ?? 0) > 0;
  const first = isCut ? lines[0]! : (next ?? 1);
  return { ...known, first, end: Math.max(first, Math.min(part.before, searched + 1)) };
}

/** Hits and those that follow on them; where both tell of a line, the later ones are right. */
export const joined = (hits: Hits, more: Hits): Hits => ({
  lines: [...hits.lines.filter((line) => line < more.first), ...more.lines],
  ...{ first: hits.first, end: more.end, searched: more.searched },
});

/** Whether these are all that there were. */
export const areAll = ({ first, end, searched }: Hits): boolean => first === 1 && end > searched;

/** Where a hit is to be found. */
export type Found =
  | { readonly kind: 'line'; readonly line: number }
  /** Not among those that are known: perhaps in this part. */
  | { readonly kind: 'ask'; readonly part: Part }
  | { readonly kind: 'none' };

/** A way through hits, from a line to the hit that comes after it, and behind the last one to the first. */
export type Way = (known: readonly Hits[], line: number) => Found;

export const forwards: Way = (known, line) => onwards(known, line, false);

function onwards(known: readonly Hits[], line: number, isAround: boolean): Found {
  let at = line + 1;
  for (;;) {
    const some = known.find(({ first, end }) => first <= at && at < end);
    if (!some) break;
    const hit = some.lines.find((one) => one >= at);
    if (hit !== undefined) return { kind: 'line', line: hit };
    at = some.end;
  }
  if (at <= longest(known)) return { kind: 'ask', part: { from: at } };
  return isAround ? { kind: 'none' } : onwards(known, 0, true);
}

export const backwards: Way = (known, line) => back(known, line, false);

function back(known: readonly Hits[], line: number, isAround: boolean): Found {
  let at = line;
  for (;;) {
    const some = known.find(({ first, end }) => first < at && at <= end);
    if (!some) break;
    const hit = some.lines.findLast((one) => one < at);
    if (hit !== undefined) return { kind: 'line', line: hit };
    at = some.first;
  }
  if (at > 1) return { kind: 'ask', part: { before: at } };
  return isAround ? { kind: 'none' } : back(known, longest(known) + 1, true);
}

const longest = (known: readonly Hits[]): number =>
  Math.max(0, ...known.map(({ searched }) => searched));

/** Which of all hits a line is, from 1, where that is known. */
export function rankOf(counted: Hits, line: number | undefined): number | undefined {
  const at = line === undefined || counted.first > 1 ? -1 : counted.lines.indexOf(line);
  return at === -1 ? undefined : at + 1;
}

/** So many hits are counted; that there are more is then told without their number. */
export const mostCounted = 10_000;

/** How many hits there are, and which of them one is at, in words. */
export function describeHits(counted: Hits, line: number | undefined): string {
  const count = counted.lines.length;
  const isOver = areAll(counted);
  if (count === 0) return isOver ? 'No line has it' : 'Searching …';
  const lines = `${count.toLocaleString('en')} ${count === 1 ? 'line' : 'lines'}`;
  const rank = rankOf(counted, line);
  const all = isOver ? lines : count < mostCounted ? `${lines} so far` : `more than ${lines}`;
  return rank === undefined ? all : `${rank.toLocaleString('en')} of ${all}`;
}
