import { textOf } from '../common/tree.ts';
import { withEntries, withItems } from './make-tree.ts';

import type { Entry, Item, ListTree, MapTree, Spot, Tree } from '../common/tree.ts';

/** The keys that members of lists are wrapped in: `- step: {…}`. */
export const wrappers = ['stage', 'stepGroup', 'step'] as const;

/** What is made of a member of a list that goes by `key`. */
export type ChangeMember = (key: string, member: Tree) => Tree;

/**
 * The same list with other members. What is wrapped goes by its identifier, at any depth of `parallel`;
 * what has an identifier or a name, such as a variable, by that; anything else by its place.
 */
export function changeMembers(list: ListTree, change: ChangeMember): ListTree {
  const items = list.items.map((item, at): Item => {
    const value = changeMember(item.value, String(at), change);
    return value === item.value ? item : { ...item, value };
  });
  return items.some((item, at) => item !== list.items[at]) ? withItems(list, items) : list;
}

function changeMember(member: Tree, place: string, change: ChangeMember): Tree {
  if (member.kind !== 'map') return change(place, member);
  const beside = member.entries.get('parallel');
  if (beside?.value.kind === 'list')
    return replaced(member, 'parallel', beside, changeMembers(beside.value, change));
  const wrapper = wrapperOf(member);
  if (wrapper === undefined) return change(nameOf(member) ?? place, member);
  const entry = member.entries.get(wrapper)!;
  return replaced(member, wrapper, entry, change(nameOf(entry.value) ?? place, entry.value));
}

/** The members of a list by what they go by in `changeMembers`. The first of a name counts. */
export function membersByKey({ tree, alias }: Spot): ReadonlyMap<string, Spot> {
  const found = new Map<string, Spot>();
  if (tree.kind === 'list')
    changeMembers(tree, (key, member) => {
      if (!found.has(key)) found.set(key, { tree: member, alias });
      return member;
    });
  return found;
}

const wrapperOf = ({ entries }: MapTree): (typeof wrappers)[number] | undefined =>
  wrappers.find((wrapper) => entries.get(wrapper)?.value.kind === 'map');

function nameOf(tree: Tree): string | undefined {
  if (tree.kind !== 'map') return undefined;
  const { entries } = tree;
  const entry = entries.get('identifier') ?? entries.get('name');
  return entry && textOf({ tree: entry.value });
}

function replaced(map: MapTree, key: string, entry: Entry, value: Tree): MapTree {
  if (value === entry.value) return map;
  return withEntries(map, new Map([...map.entries, [key, { ...entry, value }]]));
}
