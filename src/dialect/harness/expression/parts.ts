import { maxWeight, textOf } from '../../../expression/value.ts';
import { isKnown } from './fold.ts';

import type { Expression } from '../../../plan/expression.ts';

/** What the parts of a text come to, one after the other. What is known beside what is known is one text. */
export class Parts {
  readonly all: Expression[] = [];
  #length = 0;
  readonly #most: number;

  constructor(written: string) {
    this.#most = maxWeight + written.length;
  }

  /** Whether expressions have made more of it than a value may be. */
  get isTooMuch(): boolean {
    return this.#length > this.#most;
  }

  add(part: Expression): void {
    const last = this.all.at(-1);
    if (!isKnown(part)) {
      this.all.push(part);
      return;
    }
    const text = textOf(part.value);
    this.#length += text.length;
    if (last && isKnown(last))
      this.all.splice(-1, 1, { kind: 'value', value: textOf(last.value) + text });
    else this.all.push(part);
  }
}
