import { safeParse } from 'zod/mini';

import { remarkOf } from './values.ts';

import type { $ZodType } from 'zod/v4/core';
import type { Tree } from '../common/tree.ts';
import type { Remark } from './values.ts';

/** Whether a value certainly has a shape, with nothing to be said about it. */
type Check = (tree: Tree) => boolean;

/** A schema as far as its parts can be walked. */
export interface Walked {
  readonly type: string;
  readonly shape?: Readonly<Record<string, $ZodType>>;
  readonly innerType?: $ZodType;
  readonly element?: $ZodType;
  readonly keyType?: $ZodType;
  readonly valueType?: $ZodType;
  readonly options?: readonly $ZodType[];
  readonly catchall?: $ZodType;
  readonly checks?: readonly {
    readonly _zod: { readonly def: { readonly check: string; readonly minimum?: unknown } };
  }[];
}

export const defOf = (schema: $ZodType): Walked => schema._zod.def;

/**
 * Whether a value plainly has the shape of `schema`: nearly all have, and to see that takes less than to have
 * the schema itself look at it. `false` says nothing.
 */
export const isPlainly = (schema: $ZodType, tree: Tree): boolean => checkOf(schema)(tree);

const checks = new WeakMap<$ZodType, Check>();

function checkOf(schema: $ZodType): Check {
  const before = checks.get(schema);
  if (before) return before;
  const made = withoutRemarks(schema, toCheck(schema));
  checks.set(schema, made);
  return made;
}

function toCheck(schema: $ZodType): Check {
  const def = defOf(schema);
  const hasChecks = hasOwnChecks(def);
  if (def.type === 'unknown' && !hasChecks) return () => true;
  if (def.type === 'optional' && def.innerType) return checkOf(def.innerType);
  if (def.type === 'object' && def.shape && !hasChecks) return toMapCheck(def.shape);
  if (def.type === 'array' && def.element && !hasChecks) {
    const check = checkOf(def.element);
    return (tree) => tree.kind === 'list' && tree.items.every((item) => check(item.tree));
  }
  if (def.type === 'record' && def.keyType && def.valueType && !hasChecks && isText(def.keyType)) {
    const check = checkOf(def.valueType);
    return (tree) =>
      tree.kind === 'map' && [...tree.entries.values()].every((entry) => check(entry.tree));
  }
  if (def.type === 'union' && def.options && !hasChecks)
    return toUnionCheck(def.options, toScalarCheck(schema));
  return toScalarCheck(schema);
}

const hasOwnChecks = ({ checks: own = [] }: Walked): boolean => own.length > 0;

/** Whether a schema takes every text. */
const isText = (schema: $ZodType): boolean =>
  defOf(schema).type === 'string' && !hasOwnChecks(defOf(schema));

function toMapCheck(shape: Readonly<Record<string, $ZodType>>): Check {
  const values = new Map(Object.entries(shape).map(([key, value]) => [key, checkOf(value)]));
  const required = Object.keys(shape).filter((key) => defOf(shape[key]!).type !== 'optional');
  return (tree) => {
    if (tree.kind !== 'map') return false;
    for (const [key, entry] of tree.entries) if (!values.get(key)?.(entry.tree)) return false;
    return required.every((key) => tree.entries.has(key));
  };
}

/** A list or a map is that of the only member that takes such. */
function toUnionCheck(options: readonly $ZodType[], scalar: Check): Check {
  const kinds = options.map((option) => defOf(option).type);
  if (!kinds.every((kind) => simple.has(kind))) return scalar;
  const only = (...wanted: string[]): Check => {
    const meant = options.filter((_, at) => wanted.includes(kinds[at]!));
    return meant.length === 1 ? checkOf(meant[0]!) : () => false;
  };
  const list = only('array');
  const map = only('object', 'record');
  return (tree) => (tree.kind === 'scalar' ? scalar : tree.kind === 'list' ? list : map)(tree);
}

const simple = new Set(['string', 'number', 'boolean', 'array', 'object', 'record']);

/** From what length on a schema takes every text; infinite when it does not. */
function shortestText(schema: $ZodType): number {
  const { type, checks: own = [] } = defOf(schema);
  if (type !== 'string') return Infinity;
  return own.reduce<number>((length, { _zod: { def } }) => {
    const isLength = def.check === 'min_length' && typeof def.minimum === 'number';
    return isLength ? Math.max(length, def.minimum) : Infinity;
  }, 0);
}

/** The same values come again and again. */
const maxKnown = 1_000;

function toScalarCheck(schema: $ZodType): Check {
  const { options = [] } = defOf(schema);
  const texts = hasOwnChecks(defOf(schema)) ? [schema] : [schema, ...options];
  const shortest = Math.min(...texts.map(shortestText));
  const known = new Map<unknown, boolean>();
  return (tree) => {
    if (tree.kind !== 'scalar') return false;
    const { value } = tree;
    if (typeof value === 'string' && value.length >= shortest) return true;
    const before = known.get(value);
    if (before !== undefined) return before;
    if (known.size >= maxKnown) known.clear();
    const { success } = safeParse(schema, value);
    known.set(value, success);
    return success;
  };
}

/** The same unless there is a remark on the value, by the schema or by a member of it. */
function withoutRemarks(schema: $ZodType, check: Check): Check {
  const remarks = remarksOf(schema);
  return remarks.length === 0
    ? check
    : (tree) => check(tree) && remarks.every((remark) => remark({ tree }) === undefined);
}

function remarksOf(schema: $ZodType): readonly Remark[] {
  const { innerType, options = [] } = defOf(schema);
  const inside = innerType ? [innerType, ...options] : options;
  return [remarkOf(schema) ?? [], ...inside.map(remarksOf)].flat();
}
