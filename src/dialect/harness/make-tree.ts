import type { Span } from '../common/source.ts';
import type { Entry, Item, ListTree, MapTree, ScalarTree, Tree } from '../common/tree.ts';

/** The same map with other entries. */
export const withEntries = (map: MapTree, entries: ReadonlyMap<string, Entry>): MapTree => ({
  ...map,
  entries,
  size: sizeOf([...entries.values()]),
});

/** The same list with other items. */
export const withItems = (list: ListTree, items: readonly Item[]): ListTree => ({
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
        items: tree.items.map(({ value }) => ({ value: allAt(span, value) })),
      };
    case 'map': {
      const entries = [...tree.entries].map(
        ([key, { value }]) => [key, { key: span, value: allAt(span, value) }] as const,
      );
      return { ...tree, span, flow: true, entries: new Map(entries) };
    }
  }
}

const sizeOf = (items: readonly Item[]): number =>
  items.reduce((size, { value }) => size + value.size, 1);
