import { takeInput } from '../../event/check-answer.ts';
import { alternatives } from '../../report/describe.ts';

import type { Answer, AskedInput, Choice, Question } from '../../event/question.ts';

/** A question at the terminal that is being answered line by line. */
export interface Asking<T> {
  readonly question: Pick<Question, 'name' | 'message'>;
  /** What is wanted next. */
  readonly prompt: string;
  /** What was wrong with the last line. */
  readonly problem: string | undefined;
  /** Takes one line, and gives the answer once it is complete. */
  take(line: string): T | undefined;
  /** What is typed next is a secret, as whoever types it has said. Absent: it cannot be one. */
  readonly isSecret?: boolean | undefined;
  /** Has it be a secret, or none again. */
  toggleSecret?(): void;
}

/** One question of a run, answered line by line: the choice first, then what it asks for besides. */
export class Dialog implements Asking<Answer> {
  readonly question: Question;
  readonly #by: string;
  readonly #inputs = new Map<string, string>();
  readonly #secrets = new Set<string>();
  #choice: Choice | undefined;
  #problem: string | undefined;

  constructor(question: Question, by: string) {
    this.question = question;
    this.#by = by;
    // Where nothing but inputs is asked for there is nothing to choose.
    const [only] = question.choices;
    if (only === 'give') this.#choice = only;
  }

  get prompt(): string {
    if (this.#choice === undefined) return alternatives(this.question.choices);
    const input = this.#next();
    if (!input) return 'why (Enter for no reason)';
    return this.isSecret === true ? `${input.name} (a secret)` : promptOf(input);
  }

  get problem(): string | undefined {
    return this.#problem;
  }

  take(line: string): Answer | undefined {
    const said = line.trim();
    this.#problem = undefined;
    if (this.#choice === undefined) return this.#choose(said);
    const input = this.#next();
    if (!input) return this.#whole(said);
    const taken = takeInput(input, said);
    if (taken.ok) this.#inputs.set(input.name, taken.value);
    else this.#problem = `${input.name} ${taken.failure}`;
    return this.#next() ? undefined : this.#whole('');
  }

  get isSecret(): boolean | undefined {
    const input = this.#next();
    return input && !input.allowed ? this.#secrets.has(input.name) : undefined;
  }

  toggleSecret(): void {
    const { name } = this.#next()!;
    if (!this.#secrets.delete(name)) this.#secrets.add(name);
  }

  #choose(said: string): Answer | undefined {
    const { choices } = this.question;
    const meant = choices.filter((choice) => said !== '' && choice.startsWith(said.toLowerCase()));
    const [choice] = meant;
    if (choice === undefined || meant.length > 1) {
      if (said !== '') this.#problem = `'${said}' is none of ${choices.join(', ')}`;
      return undefined;
    }
    this.#choice = choice;
    const isComplete = choice === 'approve' ? !this.#next() : choice !== 'reject';
    return isComplete ? this.#whole('') : undefined;
  }

  #next(): AskedInput | undefined {
    if (this.#choice !== 'approve' && this.#choice !== 'give') return undefined;
    return this.question.inputs.find(({ name }) => !this.#inputs.has(name));
  }

  #whole(comment: string): Answer {
    return {
      choice: this.#choice!,
      by: this.#by,
      inputs: Object.fromEntries(this.#inputs),
      ...(this.#secrets.size > 0 && { secrets: [...this.#secrets] }),
      ...(comment !== '' && { comment }),
    };
  }
}

function promptOf({ name, description, allowed, fallback = '', required }: AskedInput): string {
  const facts = [
    ...(description === undefined || description === '' ? [] : [description]),
    ...(allowed ? [alternatives(allowed)] : []),
    ...(fallback === '' ? [] : [`Enter for ${fallback}`]),
    ...(fallback === '' && required !== true ? ['may be empty'] : []),
    ...(allowed ? [] : ['Tab hides it']),
  ];
  return facts.length === 0 ? name : `${name} (${facts.join('; ')})`;
}
