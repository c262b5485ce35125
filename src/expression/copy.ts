import type { Node } from '../plan/plan.ts';

/** A node of an expanded plan, and which copy it is of what. */
export interface Copy {
  readonly node: Node;
  /** The node as it was written. */
  readonly written: Node;
  /** One for each repetition around it, the outermost first. None: it is no copy. */
  readonly turns: readonly Turn[];
}

export interface Turn {
  /** The id of what is repeated. */
  readonly of: string;
  /** From 1. */
  readonly index: number;
  readonly order: 'serial' | 'parallel';
}
