import { graphemesOf, graphemeWidth } from '../base/columns.ts';

// eslint-disable-next-line no-control-regex -- That is what is looked for.
const pieces = /(\x1b\[[0-?]*[ -/]*[@-~]|[\r\b])/;

interface Cell {
  readonly text: string;
  /** The colour codes in force where it was written. */
  readonly style: string;
}

/**
 * What a terminal would show of a line in the end, when the line moves back over itself with
 * carriage returns and backspaces, as progress bars do. Colours stay with their characters.
 */
export function overwrite(line: string): string {
  let cells: Cell[] = [];
  let at = 0;
  let style = '';
  for (const [index, piece] of line.split(pieces).entries()) {
    if (index % 2 === 0) {
      for (const grapheme of graphemesOf(piece)) at = put(cells, at, grapheme, style);
    } else if (piece === '\r') at = 0;
    else if (piece === '\b') at = Math.max(0, at - 1);
    else if (piece.endsWith('m')) style = /\[0*m$/.test(piece) ? '' : style + piece;
    else if (piece.endsWith('K')) cells = erase(cells, at, piece.slice(2, -1));
  }
  return render(cells);
}

function put(cells: Cell[], at: number, grapheme: string, style: string): number {
  const width = graphemeWidth(grapheme);
  if (width === 0 && grapheme !== '\t') {
    const before = cells[at - 1];
    if (before) cells[at - 1] = { text: before.text + grapheme, style: before.style };
    return at;
  }
  while (cells.length < at) cells.push({ text: ' ', style: '' });
  cells[at] = { text: grapheme, style };
  if (width === 2) cells[at + 1] = { text: '', style };
  return at + (width || 1);
}

function erase(cells: readonly Cell[], at: number, how: string): Cell[] {
  if (how === '' || how === '0') return cells.slice(0, at);
  const blank = { text: ' ', style: '' };
  if (how === '1') return cells.map((cell, index) => (index <= at ? blank : cell));
  return [];
}

function render(cells: readonly Cell[]): string {
  let line = '';
  let style = '';
  for (const cell of cells) {
    if (cell.style !== style) {
      line += (style === '' ? '' : '\x1b[0m') + cell.style;
      style = cell.style;
    }
    line += cell.text;
  }
  return style === '' ? line : `${line}\x1b[0m`;
}
