import { textOf } from '../../../expression/value.ts';
import { begins, methodOperators, operators } from './grammar.ts';
import { NoExpression } from './no-expression.ts';
import { reveal } from './stand-ins.ts';

import type jsep from 'jsep';
import type { Parsed, Place } from './parsed.ts';

const maxDepth = 200;

/** The tree of the parser as ours. `clear` is its source, and `nested` what was put out of its sight. */
export const convert = (tree: jsep.Expression, clear: string, nested: readonly Parsed[]): Parsed =>
  new Conversion(clear, nested).convert(tree, maxDepth);

class Conversion {
  readonly #clear: string;
  readonly #nested: readonly Parsed[];

  constructor(clear: string, nested: readonly Parsed[]) {
    this.#clear = clear;
    this.#nested = nested;
  }

  convert(tree: jsep.Expression, depth: number, chain?: Place): Parsed {
    if (depth === 0) throw this.#no('an expression is nested too deeply', tree);
    const begun = begins.get(tree);
    const place = begun ? { at: begun.at, length: begun.end - begun.at } : chain;
    const inner = (one: jsep.Expression): Parsed => this.convert(one, depth - 1);
    const node = tree as jsep.CoreExpression;
    switch (node.type) {
      case 'Literal':
        return this.#literal(node);
      case 'Identifier': {
        const name = reveal(node.name, this.#nested);
        return name.kind === 'nested' ? name : this.#path(place, [name]);
      }
      case 'ThisExpression':
        return this.#path(place, [{ kind: 'value', value: 'this' }]);
      case 'MemberExpression': {
        const of = this.convert(node.object, depth - 1, place);
        const key = node.computed ? inner(node.property) : this.#name(node.property);
        return of.kind === 'path'
          ? this.#path(place, [...of.segments, key])
          : { kind: 'member', of, key };
      }
      case 'CallExpression':
        return this.#call(node, depth, place);
      case 'UnaryExpression':
        return unary(node.operator, inner(node.argument));
      case 'BinaryExpression':
        return binary(node.operator, inner(node.left), inner(node.right));
      case 'ConditionalExpression':
        return {
          kind: 'choice',
          condition: inner(node.test),
          then: inner(node.consequent),
          otherwise: inner(node.alternate),
        };
      case 'ArrayExpression':
        return { kind: 'list', items: node.elements.map((item) => (item ? inner(item) : nothing)) };
      default:
        throw this.#no('two values stand side by side, with no operator between them', tree);
    }
  }

  #literal({ value, raw }: jsep.Literal): Parsed {
    if (typeof value === 'string') return reveal(unescape(raw.slice(1, -1)), this.#nested);
    // A whole number of more digits than a number tells apart is compared as it is written.
    if (typeof value === 'number')
      return { kind: 'value', value: Math.abs(value) > Number.MAX_SAFE_INTEGER ? raw : value };
    return { kind: 'value', value: typeof value === 'boolean' ? value : null };
  }

  #call({ callee, arguments: written }: jsep.CallExpression, depth: number, place?: Place): Parsed {
    const node = callee as jsep.CoreExpression;
    if (node.type !== 'MemberExpression' || node.computed)
      throw this.#no('there are no functions, only methods of values', callee, place);
    const of = this.convert(node.object, depth - 1, place);
    const given = written.map((one) => this.convert(one, depth - 1));
    const name = this.#name(node.property);
    if (name.kind !== 'value' || typeof name.value !== 'string')
      throw this.#no('the name of a method cannot be an expression', callee, place);
    const method = name.value;
    if (of.kind === 'path' && given.length === 1) {
      const [first] = of.segments;
      const front = of.segments.length === 1 && first?.kind === 'value' ? first.value : undefined;
      const isAsked = method === 'getValue';
      if (isAsked && front === 'secrets')
        return { kind: 'secret', place: this.#all(place), id: given[0]! };
      if (method === 'get' || (isAsked && front === 'exportedVariables'))
        return this.#path(place, [...of.segments, given[0]!]);
    }
    return { kind: 'call', of, method, arguments: given };
  }

  #name(property: jsep.Expression): Parsed {
    return reveal((property as jsep.Identifier).name, this.#nested);
  }

  /** A path stands where the chain begins of which it is the front. */
  #path(chain: Place | undefined, segments: readonly Parsed[]): Parsed {
    const all = this.#all(chain);
    const texts = segments.map((one) => (one.kind === 'value' ? textOf(one.value) : ''));
    const written = texts.join('.');
    const length = this.#clear.startsWith(written, all.at) ? written.length : all.length;
    const isPlain = segments.every((one) => one.kind === 'value' && typeof one.value === 'string');
    const place = { at: all.at, length };
    return { kind: 'path', place, segments, ...(isPlain && { plain: texts }) };
  }

  #all = (place?: Place): Place => place ?? { at: 0, length: this.#clear.length };

  #no(problem: string, tree: jsep.Expression, place?: Place): NoExpression {
    const begun = begins.get(tree);
    const at = begun ? { at: begun.at, length: begun.end - begun.at } : place;
    return new NoExpression({ ...this.#all(at), problem });
  }
}

const nothing: Parsed = { kind: 'value', value: null };

function unary(operator: string, operand: Parsed): Parsed {
  if (operator === '-') return { kind: 'unary', operator, operand };
  if (operator === '+') return operand;
  const asked = (method: string): Parsed => ({ kind: 'call', of: operand, method, arguments: [] });
  if (operator === 'size') return asked('size');
  if (operator !== 'empty') return { kind: 'unary', operator: '!', operand };
  const isNothing: Parsed = { kind: 'binary', operator: '==', left: operand, right: nothing };
  return {
    kind: 'choice',
    condition: isNothing,
    then: { kind: 'value', value: true },
    otherwise: asked('isEmpty'),
  };
}

function binary(operator: string, left: Parsed, right: Parsed): Parsed {
  const own = operators.get(operator);
  if (own) return { kind: 'binary', operator: own, left, right };
  const asked = methodOperators.get(operator);
  if (asked) {
    const call: Parsed = { kind: 'call', of: left, method: asked.method, arguments: [right] };
    return asked.isTurned ? { kind: 'unary', operator: '!', operand: call } : call;
  }
  const condition: Parsed =
    operator === '??' ? { kind: 'binary', operator: '!=', left, right: nothing } : left;
  return { kind: 'choice', condition, then: left, otherwise: right };
}

const letters: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };

/** What a quoted text says. A backslash that JEXL knows nothing of stays, as in `"\d+"`. */
const unescape = (raw: string): string =>
  raw.replace(/\\(u[\da-fA-F]{4}|[^])/gu, (whole, escaped: string) => {
    if (escaped.length > 1 && escaped.startsWith('u'))
      return String.fromCharCode(parseInt(escaped.slice(1), 16));
    return letters[escaped] ?? (/["'\\]/.test(escaped) ? escaped : whole);
  });
