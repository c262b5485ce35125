import type { Piece } from './ansi.ts';

/** A piece of a line, which may be a part of what was searched for. */
export interface MarkedPiece extends Piece {
  readonly isHit: boolean;
}

/** What is searched for. */
export interface Sought {
  readonly text: string;
  readonly matchCase: boolean;
}

/** The pieces of a line, cut where a hit begins and ends. */
export function markHits(pieces: readonly Piece[], sought: Sought | undefined): MarkedPiece[] {
  const hits = sought ? hitsIn(pieces.map(({ text }) => text).join(''), sought) : [];
  if (hits.length === 0) return pieces.map((piece) => ({ ...piece, isHit: false }));
  const marked: MarkedPiece[] = [];
  let begin = 0;
  for (const { text, style } of pieces) {
    const end = begin + text.length;
    const cuts = hits.flat().filter((at) => at > begin && at < end);
    for (const [index, from] of [begin, ...cuts].entries()) {
      const isHit = hits.some(([first, last]) => from >= first && from < last);
      marked.push({ text: text.slice(from - begin, (cuts[index] ?? end) - begin), style, isHit });
    }
    begin = end;
  }
  return marked;
}

/** Where hits begin and end, none of them within another. */
function hitsIn(line: string, { text, matchCase }: Sought): [number, number][] {
  const folded = matchCase ? line : line.toLowerCase();
  const wanted = matchCase ? text : text.toLowerCase();
  // A letter may become longer in small ones, and then places are not those of the line.
  if (wanted === '' || folded.length !== line.length) return [];
  const found: [number, number][] = [];
  for (let at = folded.indexOf(wanted); at !== -1; at = folded.indexOf(wanted, at + wanted.length))
    found.push([at, at + wanted.length]);
  return found;
}
