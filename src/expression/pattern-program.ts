import { fail, ok } from '../base/result.ts';
import { unreachable } from '../base/unreachable.ts';
import { parsePattern } from './pattern-syntax.ts';

import type { Result } from '../base/result.ts';
import type { Charset } from './charset.ts';
import type { Assertion, Pattern } from './pattern-syntax.ts';

/** One step of matching. Numbers are places in the program. */
export type Instruction =
  | { readonly kind: 'char'; readonly holds: Charset }
  | { readonly kind: 'assertion'; readonly which: Assertion }
  /** Remembers the place in the text under this number. */
  | { readonly kind: 'save'; readonly slot: number }
  | { kind: 'jump'; to: number }
  /** Goes on at both, and prefers the first. */
  | { kind: 'fork'; first: number; second: number }
  | { readonly kind: 'match' };

export interface Program {
  readonly instructions: readonly Instruction[];
  readonly groups: number;
}

const maxInstructions = 5_000;

/** The program that a regular expression is, or a clause that says why it is none. */
export function toProgram(written: string): Result<Program, string> {
  const parsed = parsePattern(written);
  if (!parsed.ok) return parsed;
  const { pattern, groups } = parsed.value;
  const writer = new ProgramWriter();
  writer.write({ kind: 'group', number: 0, of: pattern });
  writer.add({ kind: 'match' });
  const { instructions } = writer;
  return instructions.length > maxInstructions
    ? fail('it is too long')
    : ok({ instructions, groups });
}

class ProgramWriter {
  readonly instructions: Instruction[] = [];

  add<I extends Instruction>(instruction: I): I {
    this.instructions.push(instruction);
    return instruction;
  }

  get #next(): number {
    return this.instructions.length;
  }

  write(pattern: Pattern): void {
    // Counts multiply: the rest would be too long anyway.
    if (this.#next > maxInstructions) return;
    switch (pattern.kind) {
      case 'char':
      case 'assertion':
        this.add(pattern);
        return;
      case 'sequence':
        for (const part of pattern.parts) this.write(part);
        return;
      case 'group':
        this.add({ kind: 'save', slot: 2 * pattern.number });
        this.write(pattern.of);
        this.add({ kind: 'save', slot: 2 * pattern.number + 1 });
        return;
      case 'choice':
        this.#choice(pattern.of);
        return;
      case 'repeat':
        this.#repeat(pattern);
        return;
      default:
        unreachable(pattern);
    }
  }

  #choice(of: readonly Pattern[]): void {
    const ends: { to: number }[] = [];
    for (const [at, one] of of.entries()) {
      const isLast = at === of.length - 1;
      const fork = isLast
        ? undefined
        : this.add({ kind: 'fork', first: this.#next + 1, second: 0 });
      this.write(one);
      if (!fork) break;
      ends.push(this.add({ kind: 'jump', to: 0 }));
      fork.second = this.#next;
    }
    for (const end of ends) end.to = this.#next;
  }

  #repeat({ of, least, most, isLazy }: Extract<Pattern, { kind: 'repeat' }>): void {
    for (let count = 0; count < least; count += 1) this.write(of);
    const fork = (): { enter: () => void; leave: () => void } => {
      const made = this.add({ kind: 'fork', first: 0, second: 0 });
      const [inside, outside] = isLazy
        ? (['second', 'first'] as const)
        : (['first', 'second'] as const);
      return {
        enter: () => (made[inside] = this.#next),
        leave: () => (made[outside] = this.#next),
      };
    };
    if (most === Infinity) {
      const begin = this.#next;
      const { enter, leave } = fork();
      enter();
      this.write(of);
      this.add({ kind: 'jump', to: begin });
      leave();
      return;
    }
    const open: (() => void)[] = [];
    for (let count = least; count < most && this.#next <= maxInstructions; count += 1) {
      const { enter, leave } = fork();
      enter();
      this.write(of);
      open.push(leave);
    }
    for (const leave of open) leave();
  }
}
