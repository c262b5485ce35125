/** What an expression comes to. JSON-able. */
export type Value =
  null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value };

/**
 * A value that is worked out when it is wanted, from nothing but the variables that the run has then.
 * Plain data: a dialect parses its own notation into it.
 */
export type Expression =
  | { readonly kind: 'value'; readonly value: Value }
  /**
   * What the run's variable of that name holds, a text, or with `isNumber` the number that this says; null when
   * the run does not have it.
   */
  | { readonly kind: 'variable'; readonly name: string; readonly isNumber?: true }
  /** What its parts come to, as texts, put together. */
  | { readonly kind: 'text'; readonly parts: readonly Expression[] }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'unary'; readonly operator: '!' | '-'; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'choice';
      readonly condition: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
    }
  /** The member of a map, or the item of a list, that `key` comes to. */
  | { readonly kind: 'member'; readonly of: Expression; readonly key: Expression }
  /** A method that texts, lists or maps have, from a closed list. */
  | {
      readonly kind: 'call';
      readonly of: Expression;
      readonly method: string;
      readonly arguments: readonly Expression[];
    };

export type BinaryOperator =
  '==' | '!=' | '<' | '<=' | '>' | '>=' | '&&' | '||' | '+' | '-' | '*' | '/' | '%' | '=~' | '!~';
