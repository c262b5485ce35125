import { brief } from '../common/brief.ts';
import { nearest } from '../common/nearest.ts';
import { readShape } from '../common/shape.ts';
import { child, keysOf, members, ownerSpan, valueSpan } from '../common/tree.ts';
import { defOf, isPlainly } from './plain-shape.ts';
import { remarkOf } from './values.ts';

import type { $ZodType, output } from 'zod/v4/core';
import type { Findings } from '../common/diagnostic.ts';
import type { Entry, Spot, Tree } from '../common/tree.ts';

/** The same without what `schema` has no word about, which others read: large parts of a file, mostly. */
function pruned(schema: $ZodType, tree: Tree): Tree {
  const { type, shape, innerType, element, valueType, options } = defOf(schema);
  if (type === 'unknown') return tree.kind === 'scalar' ? tree : { ...unread, span: tree.span };
  if (innerType) return pruned(innerType, tree);
  if (shape && tree.kind === 'map') {
    const known = shape;
    const entries = [...tree.entries].map(([key, entry]): [string, Entry] => [
      key,
      Object.hasOwn(known, key) ? { ...entry, tree: pruned(known[key]!, entry.tree) } : entry,
    ]);
    return { ...tree, entries: new Map(entries) };
  }
  if (element && !valueType && tree.kind === 'list') {
    const items = tree.items.map((item) => ({ ...item, tree: pruned(element, item.tree) }));
    return { ...tree, items };
  }
  const meant = options?.find((one) => defOf(one).type === kinds[tree.kind]);
  return meant ? pruned(meant, tree) : tree;
}

const kinds = { list: 'array', map: 'object', scalar: '' } as const;

const unread = { kind: 'scalar', size: 1, value: true, text: '' } as const;

/**
 * The value at `spot` if it has the shape of `schema`, as of `readShape`. What Harness takes no notice of,
 * and what it would refuse though it is plain, is warned of.
 */
export function readOpenShape<S extends $ZodType>(
  schema: S & { safeParse(value: unknown): Parsed<output<S>> },
  spot: Spot,
  findings: Findings,
  about: string,
): output<S> | undefined {
  const value = readShape(schema, { ...spot, tree: pruned(schema, spot.tree) }, findings, about);
  new Walk(findings, about).walk(schema, spot, []);
  return value;
}

/** The same, for the mistakes and warnings alone. */
export function checkOpenShape(
  schema: Parameters<typeof readOpenShape>[0],
  spot: Spot,
  findings: Findings,
  about: string,
): void {
  if (!isPlainly(schema, spot.tree)) readOpenShape(schema, spot, findings, about);
}

type Parsed<T> = ReturnType<Parameters<typeof readShape<$ZodType<T>>>[0]['safeParse']> &
  ({ readonly success: true; readonly data: T } | { readonly success: false });

class Walk {
  readonly #findings: Findings;
  readonly #about: string;

  constructor(findings: Findings, about: string) {
    this.#findings = findings;
    this.#about = about;
  }

  walk(schema: $ZodType, spot: Spot, path: readonly string[]): void {
    const hint = remarkOf(schema)?.(spot);
    if (hint !== undefined) this.#refused(spot, path, hint);
    const { type, shape, innerType, element, valueType, options, catchall } = defOf(schema);
    if (innerType) this.walk(innerType, spot, path);
    // A closed map has told of its unknown keys itself.
    else if (shape && type === 'object' && !catchall) this.#map(shape, spot, path);
    else if (element && spot.tree.kind === 'list')
      for (const item of members(spot)) this.walk(element, item, path);
    else if (valueType && spot.tree.kind === 'map')
      for (const key of keysOf(spot)) this.walk(valueType, child(spot, key)!, [...path, key]);
    else for (const option of options ?? []) this.walk(option, spot, path);
  }

  #map(shape: Readonly<Record<string, $ZodType>>, spot: Spot, path: readonly string[]): void {
    const known = Object.keys(shape);
    for (const key of keysOf(spot)) {
      const value = child(spot, key)!;
      if (Object.hasOwn(shape, key)) this.walk(shape[key]!, value, [...path, key]);
      else this.#unknown(key, value, known);
    }
  }

  #unknown(key: string, spot: Spot, known: readonly string[]): void {
    const near = nearest(key, known);
    this.#findings.warning(
      ownerSpan(spot),
      `${this.#about}: unknown key \`${brief(key)}\`, of which nothing comes`,
      {
        hint: near === undefined ? `known here: ${known.join(', ')}` : `did you mean \`${near}\`?`,
      },
    );
  }

  #refused(spot: Spot, path: readonly string[], hint: string): void {
    const text = spot.tree.kind === 'scalar' ? spot.tree.text : '';
    this.#findings.warning(
      valueSpan(spot),
      `${this.#about}: Harness itself refuses \`${brief(text)}\` for \`${path.map(brief).join('.')}\``,
      { hint },
    );
  }
}
