import { formatDuration } from '../../base/duration.ts';
import { lostWhile } from '../../report/lost-while.ts';
import { outcomeWords, stageWords } from '../../report/outcome-words.ts';

import type { Row, Shown } from './chart.ts';

const look = { color: false, unicode: true };

/** How something stands, in a few words. */
export function rowWords(shown: Shown, isOver: boolean): string {
  const { outcome, notes } =
    shown.kind === 'stage' ? stageWords(shown, look) : outcomeWords(shown, look);
  const lost = isOver ? lostWhile(shown.state) : undefined;
  const first = lost ?? (shown.state === 'pending' && !isOver ? 'pending' : outcome);
  // What kind of thing it is, is said elsewhere.
  return [first, ...notes.filter((note) => note !== shown.kind)].join(' · ');
}

/** Steps and services print; groups and stages are looked at closer instead. */
export const hasLog = (kind: Row['kind']): boolean => kind === 'step' || kind === 'service';

/** All that its line shows, as a sentence without its full stop. */
export function describeRow({ kind, name, words, bars, breaks }: Row): string {
  const told = bars.map(
    ({ phase, from, to, goesOn }) =>
      `${phase} from ${formatDuration(from)} ${goesOn ? 'on' : `to ${formatDuration(to)}`}`,
  );
  const broke = breaks.map((at) => `broke at ${formatDuration(at)}`);
  return [`${kind} ${name}: ${words}`, ...told, ...broke].join('; ');
}
