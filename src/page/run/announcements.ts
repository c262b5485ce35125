import { count, listed } from '../../report/describe.ts';
import { nodeWords } from './node-words.ts';

import type { RunView } from '../../event/view.ts';

/** The states that are worth a word to whoever does not see them change. */
export type Heard = ReadonlyMap<string, string>;

/** What one hears of a run: services and their states, steps that begin, ask or have ended. */
export function heardOf(view: RunView): Heard {
  const isOver = view.endedAt !== undefined;
  return new Map(
    [...view.nodes.values()].flatMap((node): [string, string][] =>
      node.state === 'pending' || node.kind === 'group'
        ? []
        : [[node.id, `${node.kind} ${node.name}: ${nodeWords(node, view, 0, isOver).word}`]],
    ),
  );
}

const most = 3;

/** What is new since the last time, in one sentence. Empty: nothing. */
export function newsOf(before: Heard, now: Heard): string {
  const news = [...now].filter(([id, words]) => before.get(id) !== words).map(([, words]) => words);
  const more = news.length - most;
  return listed([...news.slice(0, most), ...(more > 0 ? [count(more, 'more change')] : [])]);
}
