/** One of the 256 colours of terminals by its number, or any colour as `#rrggbb`. */
export type Colour = number | string;

/** How a piece of text looks. */
export interface Style {
  readonly ink?: Colour;
  readonly ground?: Colour;
  readonly bold?: true;
  readonly dim?: true;
  readonly italic?: true;
  readonly underline?: true;
  readonly inverse?: true;
  readonly struck?: true;
}

/** Text that looks the same from its beginning to its end. */
export interface Piece {
  readonly text: string;
  readonly style: Style;
}

export const plain: Style = {};

/* eslint-disable no-control-regex -- Control characters are what this file is about. */
/** A sequence that changes the look, any other one, or a control that has no place in a line. */
const sequence =
  /\x1b\[([\d;:]*)m|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]?|[\x00-\x08\x0a-\x1f\x7f-\x9f]/g;
/* eslint-enable no-control-regex */

/**
 * A line in pieces, and how what comes after it looks. Of all that controls a terminal, only colours and the like
 * have an effect.
 */
export function parseLine(line: string, before: Style = plain): { pieces: Piece[]; after: Style } {
  const pieces: Piece[] = [];
  let style = before;
  const add = (text: string): void => {
    const last = pieces.at(-1);
    if (text === '') return;
    if (last?.style === style) pieces[pieces.length - 1] = { text: last.text + text, style };
    else pieces.push({ text, style });
  };
  let from = 0;
  for (const found of line.matchAll(sequence)) {
    add(line.slice(from, found.index));
    from = found.index + found[0].length;
    if (found[1] !== undefined) style = changed(style, found[1]);
  }
  add(line.slice(from));
  return { pieces, after: style };
}

/** The text alone. */
export const textOf = (line: string): string => line.replace(sequence, '');

function changed(before: Style, codes: string): Style {
  // Colours may be given with colons within one code, or as codes of their own.
  const queue = codes.split(';').flatMap((code) => toNumbers(code));
  let style = before;
  for (let code = queue.shift(); code !== undefined; code = queue.shift()) {
    if (code === 38 || code === 48) {
      const colour = takeColour(queue);
      const part = code === 38 ? 'ink' : 'ground';
      if (colour !== undefined) style = { ...style, [part]: colour };
    } else style = worn(style, code);
  }
  return style;
}

// `38:2::1:2:3` names a colour space before the colour, `38;2;1;2;3` does not.
function toNumbers(code: string): number[] {
  const parts = code.split(':');
  if (parts.length === 6 && parts[1] === '2') parts.splice(2, 1);
  return parts.map(Number);
}

/** What follows a 38 or 48. */
function takeColour(queue: number[]): Colour | undefined {
  const kind = queue.shift();
  if (kind === 5) {
    const [n = NaN] = queue.splice(0, 1);
    return n >= 0 && n <= 255 ? n : undefined;
  }
  if (kind !== 2) return undefined;
  const parts = queue.splice(0, 3);
  if (parts.length < 3 || parts.some((part) => !(part <= 255))) return undefined;
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

function worn(style: Style, code: number): Style {
  if (code === 0) return plain;
  const on = switchedOn[code];
  if (on) return { ...style, ...on };
  const off = switchedOff[code];
  if (off) return without(style, off);
  if (code >= 30 && code <= 37) return { ...style, ink: code - 30 };
  if (code >= 90 && code <= 97) return { ...style, ink: code - 90 + 8 };
  if (code >= 40 && code <= 47) return { ...style, ground: code - 40 };
  if (code >= 100 && code <= 107) return { ...style, ground: code - 100 + 8 };
  return style;
}

const switchedOn: Readonly<Record<number, Style>> = {
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  9: { struck: true },
};

const switchedOff: Readonly<Record<number, readonly (keyof Style)[]>> = {
  22: ['bold', 'dim'],
  23: ['italic'],
  24: ['underline'],
  27: ['inverse'],
  29: ['struck'],
  39: ['ink'],
  49: ['ground'],
};

const without = (style: Style, parts: readonly (keyof Style)[]): Style =>
  Object.fromEntries(
    Object.entries(style).filter(([part]) => !parts.includes(part as keyof Style)),
  );
