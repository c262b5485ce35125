import { brief } from '../common/brief.ts';
import { nearest } from '../common/nearest.ts';
import { asNumber } from '../../expression/value.ts';
import { child, keysOf, members, textOf, toValue } from '../common/tree.ts';
import { hasExpressions } from './expression/text.ts';
import { wordOf } from './values.ts';

import type { Value } from '../../plan/expression.ts';
import type { Spot } from '../common/tree.ts';
import type { Found, Scope } from './expression/text.ts';
import type { Level } from './place.ts';

export type { Found, Scope };

/** The parts of what an expression names. */
export type Path = readonly (string | number)[];

export const unknown = (name: string, hint?: string): Found => ({
  kind: 'unknown',
  problem: `there is no \`${brief(name)}\` here`,
  ...(hint !== undefined && { hint }),
});

export const nothing: Found = { kind: 'value', value: null };

/** That `name` is none of `known`. */
export function noneOf(what: string, name: string, known: readonly string[]): Found {
  const near = nearest(name, known.slice(0, 300));
  const listed = known.slice(0, 8).map((one) => `\`${one}\``);
  const hint =
    near !== undefined
      ? `did you mean \`${near}\`?`
      : known.length > 0
        ? `there are: ${listed.join(', ')}${known.length > 8 ? ', …' : ''}`
        : 'there are none';
  return { kind: 'unknown', problem: `there is no ${what} \`${brief(name)}\``, hint };
}

/** What stands at a place of the file. */
export function found(spot: Spot | undefined, key: string): Found {
  if (!spot) return nothing;
  const { tree } = spot;
  if (tree.kind !== 'scalar') return { kind: 'value', value: toValue(tree) as Value };
  if (tree.value === null) return nothing;
  if (typeof tree.value === 'string' && hasExpressions(tree.text))
    return { kind: 'written', text: tree.text, key };
  return { kind: 'value', value: typeof tree.value === 'number' ? tree.text : tree.value };
}

/** What is found from a place of the file by the keys and numbers of `path`. */
export function walked(spot: Spot, path: Path, from: string): Found {
  let here = spot;
  for (const [at, step] of path.entries()) {
    const next = child(here, step);
    if (!next) {
      const written = [from, ...path.slice(0, at)].join('.');
      const known = keysOf(here);
      return here.tree.kind === 'map' && known.length > 0
        ? noneOf(`key in \`${brief(written)}\``, String(step), known)
        : { kind: 'unknown', problem: `\`${brief(written)}\` has no \`${brief(String(step))}\`` };
    }
    here = next;
  }
  return found(here, [from, ...path].join('.'));
}

/** The variable of that name that something has. */
export function variableOf(body: Spot, name: string | number | undefined): Spot | undefined {
  if (name === undefined) return undefined;
  return members(child(body, 'variables')).find((one) => textOf(child(one, 'name')) === name);
}

/** What declares something says that it is a number, or a secret. */
export const typeOf = (declared: Spot): 'Number' | 'Secret' | undefined =>
  wordOf(['Number', 'Secret'], textOf(child(declared, 'type')));

/** What a variable is worth. */
export function worthOf(body: Spot, path: Path, from: string): Found {
  // A name may have dots in it.
  const written = path.join('.');
  const variable = variableOf(body, written) ?? variableOf(body, path[0]);
  if (!variable) {
    const known = members(child(body, 'variables')).map((one) => textOf(child(one, 'name')) ?? '');
    return noneOf('variable', written, known);
  }
  const value = child(variable, 'value');
  const worth = value && textOf(value) !== undefined && textOf(value) !== '' ? value : undefined;
  const type = typeOf(variable);
  if (type === 'Secret') {
    const id = textOf(worth ?? child(variable, 'default')) ?? '';
    if (!hasExpressions(id) && id !== '')
      return {
        kind: 'expression',
        expression: { kind: 'variable', name: id.replace(/^(account|org)\./, '') },
      };
  }
  const held = found(worth ?? child(variable, 'default') ?? value, `${from}.${written}`);
  return type === 'Number' ? numberIn(held) : held;
}

/** A number, so that it is added and compared as one. */
const numberIn = (held: Found): Found =>
  held.kind === 'value' && typeof held.value === 'string'
    ? { kind: 'value', value: asNumber(held.value) }
    : held;

/** What the copies around know of themselves: `matrix.x`, `repeat.item`, `strategy.iteration`. */
export function loopValue(levels: readonly Level[], path: Path): Found {
  const [head, key] = path;
  const rest = path.slice(2);
  for (const { loop } of levels) {
    if (!loop) continue;
    if (
      head === 'matrix' &&
      loop.matrix &&
      typeof key === 'string' &&
      Object.hasOwn(loop.matrix, key)
    )
      return inside(loop.matrix[key]!, rest);
    if (head === 'repeat' && key === 'item' && loop.item !== undefined)
      return inside(loop.item, rest);
    if (head !== 'strategy') continue;
    if (key === 'iteration') return { kind: 'value', value: loop.iteration };
    if (key === 'iterations') return { kind: 'value', value: loop.iterations };
    if (key === 'identifierPostFix') return { kind: 'value', value: `_${loop.iteration}` };
  }
  const axes = levels.flatMap(({ loop }) => Object.keys(loop?.matrix ?? {}));
  if (head === 'matrix' && axes.length > 0) return noneOf('axis', String(key), axes);
  return unknown(path.join('.'), 'it is known in the copies of a `strategy` only');
}

function inside(value: Value, path: Path): Found {
  let here: Value | undefined = value;
  for (const step of path)
    here =
      typeof here === 'object' && here !== null && Object.hasOwn(here, String(step))
        ? (here as { readonly [key: string]: Value })[String(step)]
        : undefined;
  return here === undefined ? unknown(path.join('.')) : { kind: 'value', value: here };
}
