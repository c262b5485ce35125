import { nodeLine } from '../../report/node-line.ts';
import { lostWhile } from '../../report/lost-while.ts';
import { outcomeWords } from '../../report/outcome-words.ts';
import { look, standings } from '../look/standing.ts';

import type { NodeView, RunView } from '../../event/view.ts';
import type { Tone } from '../../report/look.ts';

/** How a step, service or group reads in the tree. */
export interface NodeWords {
  readonly sign: string;
  readonly tone: Tone;
  /** One word for its state, or for what became of it. */
  readonly word: string;
  /** All there is to say of it now. */
  readonly text: string;
}

/** What is said of a node at the moment `now`, the state always in words. */
export function nodeWords(node: NodeView, view: RunView, now: number, isOver: boolean): NodeWords {
  const lost = isOver ? lostWhile(node.state) : undefined;
  if (lost !== undefined) return { ...standings.lost, text: lost };
  const { sign, tone, text } = nodeLine(node, view, now, look);
  const word = wordOf(node, isOver);
  const begins = text.toLowerCase().startsWith(word) || node.state === 'ended';
  return { sign, tone, word, text: text === '' ? word : begins ? text : `${word}, ${text}` };
}

function wordOf(node: NodeView, isOver: boolean): string {
  if (node.state === 'ended') return outcomeWords(node, look).outcome;
  if (node.state === 'pending') return isOver ? 'not run' : 'pending';
  return node.state === 'asking' ? 'asks' : node.state;
}
