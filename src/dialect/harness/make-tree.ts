import type { Span } from '../common/source.ts';
import type { Entry, ListTree, MapTree, ScalarTree, Spot, Tree } from '../common/tree.ts';

/** The same map with other entries. */
export const withEntries = (map: MapTree, entries: ReadonlyMap<string, Entry>): MapTree => ({
  ...map,
  entries,
  size: sizeOf([...entries.values()]),
});

/** The same list with other items. */
export const withItems = (list: ListTree, items: readonly Spot[]): ListTree => ({
  ...list,
  items,
  size: sizeOf(items),
});

/** A text as if it stood at `span`. */
export const textAt = (span: Span, text: string): ScalarTree => ({
  kind: 'scalar',
  span,
  size: 1,
  value: text,
  text,
});

/** Stands for something that is reported already. */
export const brokenAt = (span: Span): ScalarTree => ({
  kind: 'scalar',
  span,
  size: 1,
  value: null,
  text: '',
  isBroken: true,
});

/** The same as if all of it stood at `span`. */
export function allAt(span: Span, tree: Tree): Tree {
  switch (tree.kind) {
    case 'scalar':
      return { ...tree, span };
    case 'list':
      return {
        ...tree,
        span,
        flow: true,
        items: tree.items.map((item) => ({ tree: allAt(span, item.tree) })),
      };
    case 'map': {
      const entries = [...tree.entries].map(
        ([key, entry]) => [key, { tree: allAt(span, entry.tree), key: span }] as const,
      );
      return { ...tree, span, flow: true, entries: new Map(entries) };
    }
  }
}

const sizeOf = (items: readonly Spot[]): number =>
  items.reduce((size, item) => size + item.tree.size, 1);
