import { toSpan } from './texts.ts';
import { hasExpressions, known, toText } from './expression/text.ts';
import { noteEarly } from './late-inputs.ts';
import { brokenAt } from './make-tree.ts';
import { aboutOf } from './place.ts';
import { scopeOf, tellAt } from './scope.ts';

import type { Entry, ScalarTree, Spot, Tree } from '../common/tree.ts';
import type { Place } from './place.ts';

/** Keys whose values may wait until the run is there; those of an environment by name. */
export const lateKeys: ReadonlySet<string> = new Set([
  'command',
  'image',
  'entrypoint',
  'args',
  'envVariables',
  'approvalMessage',
  'defaultValue',
  'condition',
  'description',
]);

/**
 * The same with the values of its expressions in their places, which must be known before the run. What
 * stands under `late` keys is left as it is.
 */
export function knownTree(
  spot: Spot,
  place: Place,
  late = new Set<string>() as ReadonlySet<string>,
): Spot {
  const tree = replaced(spot, place, late);
  return tree === spot.tree ? spot : { ...spot, tree };
}

function replaced({ tree, key, alias }: Spot, place: Place, late: ReadonlySet<string>): Tree {
  switch (tree.kind) {
    case 'scalar':
      return typeof tree.value === 'string' && hasExpressions(tree.text)
        ? worked({ tree, key, alias }, tree, place)
        : tree;
    case 'list': {
      const items = tree.items.map((item) => knownTree(item, place, late));
      return items.some((item, at) => item !== tree.items[at]) ? { ...tree, items } : tree;
    }
    case 'map': {
      let changed: Map<string, Entry> | undefined;
      for (const [name, entry] of tree.entries) {
        if (late.has(name)) continue;
        const value = replacedValue(entry, place, late);
        if (value === entry.tree) continue;
        changed ??= new Map(tree.entries);
        changed.set(name, { ...entry, tree: value });
      }
      return changed ? { ...tree, entries: changed } : tree;
    }
  }
}

function replacedValue(entry: Entry, place: Place, late: ReadonlySet<string>): Tree {
  const { tree: value } = entry;
  const isSettled =
    value.kind === 'scalar' && (typeof value.value !== 'string' || !hasExpressions(value.text));
  return isSettled ? value : replaced(entry, place, late);
}

function worked(spot: Spot, tree: ScalarTree, place: Place): Tree {
  const { findings } = place.reading;
  const problems: string[] = [];
  const tell = tellAt(spot, place);
  const text = toText(tree.text, scopeOf(place, spot), (...told) => {
    problems.push(told[2]);
    tell(...told);
  });
  const value = known(text);
  if (problems.length > 0) return { ...tree, value: null, text: '', isBroken: true };
  if (value === undefined && noteEarly(text, place.reading)) return brokenAt(tree.span);
  if (value === undefined) {
    findings.error(toSpan(spot), `${aboutOf(place)}: this must be known before the run`, {
      hint: 'outputs, outcomes and secrets are known only while it goes on',
    });
    return { ...tree, value: null, text: '', isBroken: true };
  }
  return asTree(value, tree);
}

/** Lists and maps come as their JSON. */
function asTree(text: string, { span }: ScalarTree): Tree {
  if (/^\s*[[{]/.test(text))
    try {
      return treeOf(JSON.parse(text), span);
    } catch {
      // A text that only begins as one.
    }
  if (text === 'true' || text === 'false')
    return { kind: 'scalar', span, size: 1, value: text === 'true', text };
  return { kind: 'scalar', span, size: 1, value: text, text };
}

function treeOf(value: unknown, span: Tree['span']): Tree {
  if (Array.isArray(value))
    return {
      kind: 'list',
      span,
      size: value.length + 1,
      flow: true,
      items: value.map((item) => ({ tree: treeOf(item, span) })),
    };
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(
      ([name, one]) => [name, { tree: treeOf(one, span), key: span }] as const,
    );
    return { kind: 'map', span, size: entries.length + 1, flow: true, entries: new Map(entries) };
  }
  const scalar =
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? value
      : null;
  return { kind: 'scalar', span, size: 1, value: scalar, text: String(scalar ?? '') };
}
