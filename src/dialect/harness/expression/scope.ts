import type { Expression, Value } from '../../../plan/expression.ts';
import type { Source } from './parsed.ts';

/** What a path in an expression leads to. */
export type Found =
  /** Known now. */
  | { readonly kind: 'value'; readonly value: Value }
  /** Known while the run goes on. */
  | { readonly kind: 'expression'; readonly expression: Expression }
  /** A text that may hold expressions itself; `key` names it, the same for the same text. */
  | { readonly kind: 'written'; readonly text: string; readonly key: string }
  | { readonly kind: 'unknown'; readonly problem: string; readonly hint?: string };

/** What can be asked for at one place of a pipeline. It answers the same as long as it lives. */
export interface Scope {
  lookup(path: readonly (string | number)[]): Found;
  secret(id: string): Found;
  /** Absent: no other scope answers as this one does. */
  readonly shared?: Shared;
}

/** What a scope has in common with others. */
export interface Shared {
  /** Whether all of them answer the same to this path. */
  has(path: readonly string[]): boolean;
  /** What sources come to in all of them, as far as one was asked. */
  readonly known: WeakMap<Source, Expression>;
}

/** Takes what is wrong with a text, at offsets in it as it is written. */
export type Tell = (at: number, length: number, problem: string, hint?: string) => void;

/** What an expression is resolved with. */
export interface Surroundings {
  readonly scope: Scope;
  readonly tell: Tell;
  /** The texts that led here, by their keys. */
  readonly trail: readonly string[];
  /** Tells at the place that led to the first of these. */
  readonly tellThere?: (problem: string, hint?: string) => void;
}
