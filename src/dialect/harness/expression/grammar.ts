import jsep from 'jsep';

import type { BinaryOperator } from '../../../plan/expression.ts';

// `jsep` keeps its grammar for the whole process; nothing else here uses it.

/** What each operator of JEXL means, by its sign or its word. */
export const operators: ReadonlyMap<string, BinaryOperator> = new Map<string, BinaryOperator>([
  ['||', '||'],
  ['or', '||'],
  ['&&', '&&'],
  ['and', '&&'],
  ['==', '=='],
  ['eq', '=='],
  ['!=', '!='],
  ['ne', '!='],
  ['=~', '=~'],
  ['!~', '!~'],
  ['<', '<'],
  ['lt', '<'],
  ['<=', '<='],
  ['le', '<='],
  ['>', '>'],
  ['gt', '>'],
  ['>=', '>='],
  ['ge', '>='],
  ['+', '+'],
  ['-', '-'],
  ['*', '*'],
  ['/', '/'],
  ['div', '/'],
  ['%', '%'],
  ['mod', '%'],
]);

/** Operators that are a method of what stands left of them, and whether what it says is turned round. */
export const methodOperators: ReadonlyMap<
  string,
  { readonly method: string; readonly isTurned: boolean }
> = new Map([
  ['=^', { method: 'startsWith', isTurned: false }],
  ['!^', { method: 'startsWith', isTurned: true }],
  ['=$', { method: 'endsWith', isTurned: false }],
  ['!$', { method: 'endsWith', isTurned: true }],
]);

/** What stands for the left side unless that is nothing: null for `??`, whatever means no for `?:`. */
export type Otherwise = '??' | '?:';

/** Words and signs that stand before a value. */
export const prefixes = new Set(['!', 'not', '-', '+', 'empty', 'size']);

const precedences: readonly (readonly [precedence: number, ...operators: string[]])[] = [
  [0.95, '?:', '??'],
  [1, '||', 'or'],
  [2, '&&', 'and'],
  [6, '==', '!=', 'eq', 'ne', '=~', '!~', '=^', '!^', '=$', '!$'],
  [7, '<', '<=', '>', '>=', 'lt', 'le', 'gt', 'ge'],
  [9, '+', '-'],
  [10, '*', '/', '%', 'div', 'mod'],
];

jsep.removeAllBinaryOps();
for (const [precedence, ...names] of precedences)
  for (const name of names) jsep.addBinaryOp(name, precedence);
jsep.removeAllUnaryOps();
for (const name of prefixes) jsep.addUnaryOp(name);

/** Where a path began, in the node that it became. */
export const begins = new WeakMap<object, { readonly at: number; readonly end: number }>();

const name = /[A-Za-z_$\u{80}-\u{10ffff}][\w$\u{80}-\u{10ffff}]*/uy;

jsep.hooks.add('gobble-token', function (env) {
  const at = this.index;
  name.lastIndex = at;
  const [word] = name.exec(this.expr) ?? [];
  if (word === undefined || prefixes.has(word) || Object.hasOwn(jsep.literals, word)) return;
  const node = this.gobbleTokenProperty(this.gobbleIdentifier()!);
  begins.set(node, { at, end: this.index });
  env.node = node;
});

export { default as parse } from 'jsep';
