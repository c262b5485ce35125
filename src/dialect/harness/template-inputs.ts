import { isDeepStrictEqual } from 'node:util';

import { brief } from '../common/brief.ts';
import { nearest } from '../common/nearest.ts';
import { child, keysOf, ownerSpan, toValue, valueSpan } from '../common/tree.ts';
import { asInput, isInput, parseInput } from './input-notation.ts';
import { whyNotTaken } from './input-values.ts';
import { brokenAt, textAt, withEntries } from './make-tree.ts';
import { changeMembers, membersByKey } from './members.ts';

import type { Findings } from '../common/diagnostic.ts';
import type { Entry, ListTree, MapTree, ScalarTree, Spot, Tree } from '../common/tree.ts';

/**
 * What a template says, with what its user gives where it is `<+input>`. Everything else that is given
 * changes nothing, and is told.
 */
export function fillTemplate(own: Tree, given: Spot, findings: Findings): Tree {
  if (own.kind === 'scalar' && isInput(own.text)) return taken(own, given, findings);
  if (own.kind === 'map' && given.tree.kind === 'map') return filledMap(own, given, findings);
  if (own.kind === 'list' && given.tree.kind === 'list') return filledList(own, given, findings);
  if (isNothing(given) || isDeepStrictEqual(toValue(own), toValue(given.tree))) return own;
  findings.warning(ownerSpan(given), 'the template fixes this: what is given here is not taken', {
    hint: 'only what is `<+input>` in the template can be given',
    related: [{ message: 'the template has it here', span: own.span }],
  });
  return own;
}

const isNothing = ({ tree }: Spot): boolean =>
  tree.kind === 'scalar' && (tree.value === null || tree.text === '');

function taken(own: ScalarTree, given: Spot, findings: Findings): Tree {
  const notation = parseInput(own.text);
  // What is wrong with it is told when inputs are given.
  if (!notation.ok || isNothing(given)) return own;
  const { tree } = given;
  if (tree.kind === 'scalar' && isInput(tree.text)) {
    const above = parseInput(tree.text);
    return above.ok ? textAt(tree.span, asInput(notation.value, above.value)) : tree;
  }
  const expected = whyNotTaken(notation.value, tree);
  if (expected === undefined) return tree;
  findings.error(valueSpan(given), `this must be ${expected}`, {
    related: [{ message: 'the template asks for it here', span: own.span }],
  });
  return brokenAt(tree.span);
}

function filledMap(own: MapTree, given: Spot, findings: Findings): Tree {
  const entries = new Map<string, Entry>(own.entries);
  for (const key of keysOf(given)) {
    const spot = child(given, key)!;
    const entry = own.entries.get(key);
    if (entry) entries.set(key, { ...entry, tree: fillTemplate(entry.tree, spot, findings) });
    else tellUnknown(key, spot, [...own.entries.keys()], findings);
  }
  return withEntries(own, entries);
}

function filledList(own: ListTree, given: Spot, findings: Findings): Tree {
  const members = new Map(membersByKey(given));
  const known: string[] = [];
  const filled = changeMembers(own, (key, member) => {
    known.push(key);
    const spot = members.get(key);
    members.delete(key);
    return spot ? fillTemplate(member, spot, findings) : member;
  });
  for (const [key, spot] of members) tellUnknown(key, spot, known, findings);
  return filled;
}

function tellUnknown(key: string, spot: Spot, known: readonly string[], findings: Findings): void {
  const near = nearest(key, known);
  findings.warning(
    ownerSpan(spot),
    `the template has no \`${brief(key)}\` here: what is given for it is not taken`,
    near === undefined ? {} : { hint: `did you mean \`${near}\`?` },
  );
}
