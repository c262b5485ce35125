import type { BinaryOperator, Value } from '../../../plan/expression.ts';

/** An expression as it is written: a tree in which nothing is looked up yet. */
export type Parsed =
  | { readonly kind: 'value'; readonly value: Value }
  /** What stands within another expression in a `<+…>` of its own. */
  | { readonly kind: 'nested'; readonly place: Place; readonly source: Source }
  | { readonly kind: 'text'; readonly parts: readonly Parsed[] }
  | ParsedPath
  | { readonly kind: 'secret'; readonly place: Place; readonly id: Parsed }
  | { readonly kind: 'list'; readonly items: readonly Parsed[] }
  | { readonly kind: 'unary'; readonly operator: '!' | '-'; readonly operand: Parsed }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Parsed;
      readonly right: Parsed;
    }
  | {
      readonly kind: 'choice';
      readonly condition: Parsed;
      readonly then: Parsed;
      readonly otherwise: Parsed;
    }
  | { readonly kind: 'member'; readonly of: Parsed; readonly key: Parsed }
  | {
      readonly kind: 'call';
      readonly of: Parsed;
      readonly method: string;
      readonly arguments: readonly Parsed[];
    };

/** A name and what is asked of it: `a.b`, `a.get("b")`, `a["b"][0]`. */
export interface ParsedPath {
  readonly kind: 'path';
  readonly place: Place;
  readonly segments: readonly Parsed[];
  /** The segments, when all of them are texts. */
  readonly plain?: readonly string[];
}

/** Where something stands in the source of its expression. */
export interface Place {
  readonly at: number;
  readonly length: number;
}

/** Why something is no expression, and where. */
export interface Problem extends Place {
  readonly problem: string;
  readonly hint?: string;
}

/** A source that was parsed. */
export type Source =
  { readonly ok: true; readonly value: Parsed } | { readonly ok: false; readonly failure: Problem };
