import { isTask, nodesOfPlan } from '../../plan/order.ts';

import type { Plan, Text } from '../../plan/plan.ts';
import type { AskInput } from '../harness/inputs-given.ts';

/**
 * Answers for the inputs of a Harness pipeline: those of variables stay open, as variables of the run, wherever
 * CIX can have one. The others come to their defaults.
 */
export class OpenInputs {
  readonly #open = new Map<string, Input>();
  readonly #closed: Set<string> | 'all';

  /** With names of those that are to come to their defaults. */
  constructor(closed: Set<string> | 'all' = new Set()) {
    this.#closed = closed;
  }

  /** Some came to their defaults. */
  settled = false;

  readonly ask: AskInput = ({ path, fallback }) => {
    const name = nameOf(path, fallback);
    const known = this.#open.get(name ?? '');
    const isClosed = this.#closed === 'all' || this.#closed.has(name ?? '');
    if (name === undefined || isClosed || (known && known.path !== path)) {
      this.settled = true;
      return Promise.resolve(undefined);
    }
    this.#open.set(name, { path, ...(fallback !== undefined && { fallback }) });
    return Promise.resolve(`<+secrets.getValue("${name}")>`);
  };

  get fallbacks(): ReadonlyMap<string, string> {
    return new Map(
      [...this.#open].flatMap(([name, { fallback }]) =>
        fallback === undefined ? [] : [[name, fallback]],
      ),
    );
  }

  /** Those with a default that stand where CIX has no place for it. */
  misplacedIn(plan: Plan): readonly string[] {
    const { fallbacks } = this;
    const used = new Set<string>();
    const use = (text: Text | undefined): void => {
      for (const piece of text ?? [])
        if (typeof piece === 'object' && 'variable' in piece) used.add(piece.variable);
    };
    for (const node of nodesOfPlan(plan)) {
      if (!isTask(node)) continue;
      const { run, image, user, environment } = node.command;
      use(image);
      use(user);
      if (run.kind === 'argv') run.argv.forEach(use);
      if (run.kind === 'image') run.arguments?.forEach(use);
      for (const { value } of environment)
        if (!value.every((piece) => hasFallback(piece, fallbacks))) use(value);
    }
    return [...used].filter((name) => fallbacks.has(name));
  }
}

interface Input {
  readonly path: string;
  readonly fallback?: string;
}

const hasFallback = (piece: Text[number], fallbacks: ReadonlyMap<string, string>): boolean =>
  typeof piece === 'string' || ('variable' in piece && fallbacks.has(piece.variable));

/** What the variable of the run is called; nothing for what is no variable and has a default. */
function nameOf(path: string, fallback: string | undefined): string | undefined {
  const keys = path.split('.');
  const name = keys.at(-1) ?? '';
  if (keys.at(-2) === 'variables') return /^[A-Za-z_]\w*$/.test(name) ? name : undefined;
  if (fallback !== undefined || !lateKeys.has(name)) return undefined;
  const step = keys.at(-3) ?? '';
  return `${step}_${name}`.replaceAll(/\W/g, '_').toUpperCase();
}

/** Settings of steps that may be known only when the run begins. */
const lateKeys: ReadonlySet<string> = new Set(['image', 'command']);
