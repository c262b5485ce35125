import type { Span } from './source.ts';

/**
 * What a YAML file says, with its places: aliases resolved, merges merged, nothing judged yet.
 * Finite and at most `maxDepth` deep.
 */
export type Tree = MapTree | ListTree | ScalarTree;

interface Placed {
  readonly span: Span;
  /** How many values there are in it, itself included, aliases written out. */
  readonly size: number;
}

export interface MapTree extends Placed {
  readonly kind: 'map';
  readonly flow: boolean;
  readonly entries: ReadonlyMap<string, Entry>;
}

/** What stands under a key of a map. */
export interface Entry extends Spot {
  readonly key: Span;
}

export interface ListTree extends Placed {
  readonly kind: 'list';
  readonly flow: boolean;
  readonly items: readonly Spot[];
}

export interface ScalarTree extends Placed {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** As it is written: `1.10`, `false`, the content of a quoted text. */
  readonly text: string;
  /** Stands for something that could not be read, which is reported already. */
  readonly isBroken?: true;
}

/** A value at its place in a file: what stands there, and the key that leads to it. */
export interface Spot {
  readonly tree: Tree;
  readonly key?: Span | undefined;
  /** The alias through which it was reached, if any. */
  readonly alias?: Span | undefined;
}

/** What stands under a key of a map, or at a place of a list. */
export function child({ tree, alias }: Spot, step: PropertyKey): Spot | undefined {
  if (tree.kind === 'scalar') return undefined;
  const found = tree.kind === 'map' ? tree.entries.get(String(step)) : tree.items[Number(step)];
  return found && alias ? { ...found, alias } : found;
}

/** The keys of a map; none when it is something else. */
export const keysOf = ({ tree }: Spot): readonly string[] =>
  tree.kind === 'map' ? [...tree.entries.keys()] : [];

/** All members of a list; none when it is no list. */
export function members(spot: Spot | undefined): readonly Spot[] {
  if (spot?.tree.kind !== 'list') return [];
  const { alias, tree } = spot;
  return alias ? tree.items.map((item) => ({ ...item, alias })) : tree.items;
}

/** The text of a scalar as it is written; `undefined` for everything else, and for nothing. */
export const textOf = (spot: Spot | undefined): string | undefined =>
  spot?.tree.kind === 'scalar' && spot.tree.value !== null ? spot.tree.text : undefined;

/** The texts of a list of scalars, or of a single one. */
export const textsOf = (spot: Spot | undefined): readonly string[] =>
  oneOrMany(spot)
    .map(textOf)
    .filter((text) => text !== undefined);

/** The members of a list, or the value itself when it is none. */
export function oneOrMany(spot: Spot | undefined): readonly Spot[] {
  if (!spot) return [];
  return spot.tree.kind === 'list' ? members(spot) : [spot];
}

/** What to underline for the value itself: its key when it is empty or spreads over lines. */
export function valueSpan({ tree, key }: Spot): Span {
  const inline = tree.kind === 'scalar' ? tree.span[1] > tree.span[0] : tree.flow;
  return inline ? tree.span : (key ?? tree.span);
}

/** What to underline for something that is about the whole of it, such as a key it lacks. */
export const ownerSpan = ({ tree, key }: Spot): Span => key ?? tree.span;

/** Plain data for a schema. Maps have no prototype, so that no key means anything special. */
export function toValue(tree: Tree): unknown {
  switch (tree.kind) {
    case 'scalar':
      return tree.value;
    case 'list':
      return tree.items.map((item) => toValue(item.tree));
    case 'map': {
      const map = Object.create(null) as Record<string, unknown>;
      for (const [key, entry] of tree.entries) map[key] = toValue(entry.tree);
      return map;
    }
  }
}
