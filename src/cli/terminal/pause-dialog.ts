import type { PauseReason } from '../../event/pause.ts';
import type { PauseChoice } from '../while-paused.ts';
import type { Asking } from './dialog.ts';

/** What shall become of a paused run, answered by a line. */
export class PauseDialog implements Asking<PauseChoice> {
  readonly question: Asking<PauseChoice>['question'];
  readonly prompt: string;
  #problem: string | undefined;

  constructor(pipeline: string, why: PauseReason) {
    const hasFailed = why.kind === 'failure';
    this.question = { name: pipeline, message: hasFailed ? 'paused at a failure' : 'paused' };
    this.prompt = hasFailed
      ? 'Enter ends it with that, k kills it'
      : 'Enter resumes, n next, k kill';
  }

  get problem(): string | undefined {
    return this.#problem;
  }

  take(line: string): PauseChoice | undefined {
    const said = line.trim().toLowerCase();
    const choice = choices.find((one) => one.words.includes(said))?.choice;
    this.#problem = choice ? undefined : `'${line.trim()}' is none of Enter, n, k`;
    return choice;
  }
}

const choices: readonly { readonly words: readonly string[]; readonly choice: PauseChoice }[] = [
  { words: ['', 'r', 'resume'], choice: 'all' },
  { words: ['n', 'next'], choice: 'next' },
  { words: ['k', 'kill'], choice: 'kill' },
];
