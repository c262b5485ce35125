import { unreachable } from '../base/unreachable.ts';
import { isOfWord } from './charset.ts';

import type { Instruction, Program } from './pattern-program.ts';
import type { Assertion } from './pattern-syntax.ts';

/** Where a match and its groups begin and end, two numbers for each; undefined for a group that took no part. */
export type Match = readonly (number | undefined)[];

/** How many steps may still be made. One for several searches, so that they end together. */
export interface Budget {
  steps: number;
}

/** Thrown when the budget is spent. */
export class TooLong extends Error {}

interface Thread {
  readonly at: number;
  readonly saved: Match;
}

export interface Search {
  readonly from: number;
  /** Only a match of the whole text counts. */
  readonly isWhole: boolean;
}

/**
 * The first match at or behind a place, that which a backtracking matcher would find first. All ways are
 * followed at the same time, so that each character costs as many steps as the program has, and no more.
 */
export function search(
  { instructions }: Program,
  text: string,
  { from, isWhole }: Search,
  budget: Budget,
): Match | undefined {
  const seen = new Uint32Array(instructions.length);
  // What is made anew for each search counts as well: there may be as many as the text is long.
  budget.steps -= instructions.length;
  let round = 0;
  let threads: Thread[] = [];
  let found: Match | undefined;
  for (let place = from; ;) {
    round += 1;
    const now: Thread[] = [];
    const enter = (at: number, saved: Match): void =>
      follow({ at, saved }, { instructions, text, place, seen, round, budget, into: now });
    for (const { at, saved } of threads) enter(at, saved);
    if (!found && (place === from || !isWhole)) enter(0, []);
    const code = text.codePointAt(place);
    threads = [];
    for (const { at, saved } of now) {
      budget.steps -= 1;
      const instruction = instructions[at]!;
      if (instruction.kind === 'match') {
        if (isWhole && place < text.length) continue;
        found = saved;
        break;
      }
      if (instruction.kind === 'char' && code !== undefined && instruction.holds(code))
        threads.push({ at: at + 1, saved });
    }
    if (budget.steps < 0) throw new TooLong();
    if (code === undefined || (threads.length === 0 && (found || isWhole))) return found;
    place += code > 0xffff ? 2 : 1;
  }
}

interface Moment {
  readonly instructions: readonly Instruction[];
  readonly text: string;
  readonly place: number;
  readonly seen: Uint32Array;
  readonly round: number;
  readonly budget: Budget;
  readonly into: Thread[];
}

/** Follows a thread up to where a character is wanted, on all its ways, the preferred ones first. */
function follow(thread: Thread, moment: Moment): void {
  const { instructions, text, place, seen, round, budget, into } = moment;
  const open = [thread];
  for (let next = open.pop(); next; next = open.pop()) {
    const { at, saved } = next;
    if (seen[at] === round) continue;
    seen[at] = round;
    budget.steps -= 1;
    const instruction = instructions[at]!;
    switch (instruction.kind) {
      case 'jump':
        open.push({ at: instruction.to, saved });
        break;
      case 'fork':
        open.push({ at: instruction.second, saved }, { at: instruction.first, saved });
        break;
      case 'save': {
        const more = [...saved];
        budget.steps -= more.length;
        more[instruction.slot] = place;
        open.push({ at: at + 1, saved: more });
        break;
      }
      case 'assertion':
        if (holds(instruction.which, text, place)) open.push({ at: at + 1, saved });
        break;
      case 'char':
      case 'match':
        into.push(next);
        break;
      default:
        unreachable(instruction);
    }
  }
}

function holds(which: Assertion, text: string, place: number): boolean {
  switch (which) {
    case 'begin':
      return place === 0;
    case 'end':
      return place === text.length;
    case 'line-begin':
      return place === 0 || text[place - 1] === '\n';
    case 'line-end':
      return place === text.length || text[place] === '\n';
    case 'border':
      return isBorder(text, place);
    case 'no-border':
      return !isBorder(text, place);
    default:
      return unreachable(which);
  }
}

const isBorder = (text: string, place: number): boolean =>
  isOfWordAt(text, place - 1) !== isOfWordAt(text, place);

const isOfWordAt = (text: string, place: number): boolean =>
  place >= 0 && place < text.length && isOfWord(text.charCodeAt(place));
