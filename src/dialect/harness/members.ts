import { textOf } from '../common/tree.ts';
import { withEntries, withItems } from './make-tree.ts';

import type { Entry, ListTree, MapTree, Spot, Tree } from '../common/tree.ts';

/** The keys that members of lists are wrapped in: `- step: {…}`. */
const wrappers = ['stage', 'stepGroup', 'step'] as const;

/** What is made of a member of a list that goes by `key`. */
export type ChangeMember = (key: string, member: Tree) => Tree;

/**
 * The same list with other members. What is wrapped goes by its identifier, at any depth of `parallel`;
 * what has an identifier or a name, such as a variable, by that; anything else by its place.
 */
export function changeMembers(list: ListTree, change: ChangeMember): ListTree {
  const items = list.items.map((item, at) => {
    const tree = changeMember(item.tree, String(at), change);
    return tree === item.tree ? item : { ...item, tree };
  });
  return items.some((item, at) => item !== list.items[at]) ? withItems(list, items) : list;
}

function changeMember(member: Tree, place: string, change: ChangeMember): Tree {
  if (member.kind !== 'map') return change(place, member);
  const beside = member.entries.get('parallel');
  if (beside?.tree.kind === 'list')
    return replaced(member, 'parallel', beside, changeMembers(beside.tree, change));
  const wrapper = wrapperOf(member);
  if (wrapper === undefined) return change(nameOf(member) ?? place, member);
  const entry = member.entries.get(wrapper)!;
  return replaced(member, wrapper, entry, change(nameOf(entry.tree) ?? place, entry.tree));
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
  wrappers.find((wrapper) => entries.get(wrapper)?.tree.kind === 'map');

function nameOf(tree: Tree): string | undefined {
  if (tree.kind !== 'map') return undefined;
  const { entries } = tree;
  const entry = entries.get('identifier') ?? entries.get('name');
  return textOf(entry);
}

function replaced(map: MapTree, key: string, entry: Entry, tree: Tree): MapTree {
  if (tree === entry.tree) return map;
  return withEntries(map, new Map([...map.entries, [key, { ...entry, tree }]]));
}
