/** Whether a set holds a character, given as a code point. */
export interface Charset {
  (code: number): boolean;
  /** The character, when there is only one. */
  readonly only?: number;
}

type Range = readonly [from: number, to: number];

/** The characters of some ranges, or all others. */
export function charset(ranges: readonly Range[], isInverted: boolean): Charset {
  const holds = (code: number): boolean =>
    ranges.some(([from, to]) => from <= code && code <= to) !== isInverted;
  const [first] = ranges;
  return !isInverted && ranges.length === 1 && first![0] === first![1]
    ? Object.assign(holds, { only: first![0] })
    : holds;
}

/** The set of one character. */
export function oneChar(char: string): Charset {
  const code = char.codePointAt(0)!;
  return charset([[code, code]], false);
}

export const isInAny = (sets: readonly Charset[], code: number): boolean =>
  sets.some((holds) => holds(code));

const digits: Range = [0x30, 0x39];
const upper: Range = [0x41, 0x5a];
const lower: Range = [0x61, 0x7a];
const word: readonly Range[] = [digits, upper, lower, [0x5f, 0x5f]];
const space: readonly Range[] = [
  [0x09, 0x0d],
  [0x20, 0x20],
];
const punctuation: readonly Range[] = [
  [0x21, 0x2f],
  [0x3a, 0x40],
  [0x5b, 0x60],
  [0x7b, 0x7e],
];

const named = new Map<string, readonly Range[]>([
  ['d', [digits]],
  ['w', word],
  ['s', space],
  [
    'h',
    [
      [0x09, 0x09],
      [0x20, 0x20],
      [0xa0, 0xa0],
    ],
  ],
  ['t', [[0x09, 0x09]]],
  ['n', [[0x0a, 0x0a]]],
  ['r', [[0x0d, 0x0d]]],
  ['f', [[0x0c, 0x0c]]],
  ['p{Digit}', [digits]],
  ['p{Upper}', [upper]],
  ['p{Lower}', [lower]],
  ['p{Alpha}', [upper, lower]],
  ['p{Alnum}', [digits, upper, lower]],
  ['p{Punct}', punctuation],
  ['p{Space}', space],
]);

const inverted = new Map([
  ['D', 'd'],
  ['W', 'w'],
  ['S', 's'],
  ['H', 'h'],
]);

/** What a letter behind a backslash stands for. Undefined: it is no such letter. */
export function classes(name: string): Charset | undefined {
  const of = inverted.get(name) ?? (name.startsWith('P{') ? `p${name.slice(1)}` : undefined);
  const ranges = named.get(of ?? name);
  return ranges && charset(ranges, of !== undefined);
}

/** Whether a character is one of a word. */
export const isOfWord = charset(word, false);
