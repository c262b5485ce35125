/** One node that wants to be seen. */
interface Wanted {
  /** The lower, the more urgent; what is at 0 or 1 is what a person watches. */
  readonly rank: number;
  /** How many lines of its output there are to show. */
  readonly tail: number;
}

/** What one node gets. */
export interface Given {
  readonly shown: boolean;
  readonly tail: number;
}

const longestTail = 6;

/**
 * Shares out the rows of a screen: the most urgent first, and among equals what is nearest to the
 * most urgent in the order of the file; a third at most, or what nobody else wants, to the last
 * lines of output. One row is kept free for a count when not everything is shown.
 */
export function shareRows(wanted: readonly Wanted[], rows: number): readonly Given[] {
  const tails = wanted.map(({ tail }) => Math.min(tail, longestTail));
  const tailRows = tails.reduce((sum, tail) => sum + tail, 0);
  const reserved = Math.min(tailRows, Math.floor(rows / 3));
  const fits = wanted.length + reserved <= rows;
  const room = fits ? wanted.length : Math.max(0, rows - reserved - 1);
  const chosen = new Set(byUrgency(wanted).slice(0, room));
  let left = Math.max(0, rows - room - (fits ? 0 : 1));
  const given = wanted.map((_, index) => ({ shown: chosen.has(index), tail: 0 }));
  for (let gave = true; gave && left > 0;) {
    gave = false;
    for (const [index, share] of given.entries()) {
      if (!share.shown || left === 0 || share.tail >= tails[index]!) continue;
      share.tail += 1;
      left -= 1;
      gave = true;
    }
  }
  return given;
}

function byUrgency(wanted: readonly Wanted[]): readonly number[] {
  const watched = wanted.flatMap(({ rank }, index) => (rank <= 1 ? [index] : []));
  const distance = (index: number): number =>
    Math.min(wanted.length, ...watched.map((other) => Math.abs(other - index)));
  return wanted
    .map(({ rank }, index) => ({ index, rank, distance: distance(index) }))
    .sort((a, b) => a.rank - b.rank || a.distance - b.distance || a.index - b.index)
    .map(({ index }) => index);
}
