import { textOf } from '../common/tree.ts';
import { withEntries } from './make-tree.ts';
import { changeMembers } from './members.ts';
import { isInput } from './input-notation.ts';
import { isNotNeeded } from './inputs-not-needed.ts';
import { wordOf } from './values.ts';

import type { Entry, MapTree, ScalarTree, Tree } from '../common/tree.ts';

/** A place that asks for an input. */
export interface InputPlace {
  /** The keys and names that lead to it, such as `stages.build.spec.execution.steps.db.spec.image`. */
  readonly path: string;
  readonly scalar: ScalarTree;
  /** Whether what is given is read as YAML when it comes as a text: the place wants no text. */
  readonly isYaml: boolean;
  /** The run cannot even be planned without it, so that it waits for nothing. */
  readonly mustBeKnown: boolean;
  /** It says nothing to a run on this machine, so that nobody is asked for it. */
  readonly isNotNeeded: boolean;
}

/** Every place that asks for an input, in the order of the file. */
export function inputPlaces(tree: Tree): readonly InputPlace[] {
  const places: InputPlace[] = [];
  changeScalars(tree, (scalar, at) => {
    if (!isInput(scalar.text)) return scalar;
    const isYaml = isYamlPlace(at);
    const mustBeKnown = isYaml || isName(at);
    const keys = keysTo(at);
    const path = keys.join('.');
    places.push({ path, scalar, isYaml, mustBeKnown, isNotNeeded: isNotNeeded(keys) });
    return scalar;
  });
  return places;
}

/** Where a value stands: its key, and what that stands in. */
export interface At {
  readonly key: string;
  readonly above: At | undefined;
  /** The map that the key stands in, if it is one. */
  readonly owner?: MapTree;
}

/**
 * The same tree with other scalars. What becomes `undefined` is left out of its map, and stays
 * where it is in a list.
 */
export function changeScalars(
  tree: Tree,
  change: (scalar: ScalarTree, at: At | undefined) => Tree | undefined,
): Tree {
  const inside = (value: Tree, at: At | undefined): Tree | undefined => {
    if (value.kind === 'scalar') return typeof value.value === 'string' ? change(value, at) : value;
    if (value.kind === 'list')
      return changeMembers(value, (key, member) => inside(member, { key, above: at }) ?? member);
    const entries = new Map<string, Entry>();
    let changed = false;
    for (const [key, entry] of value.entries) {
      const made = inside(entry.tree, { key, above: at, owner: value });
      changed ||= made !== entry.tree;
      if (made) entries.set(key, made === entry.tree ? entry : { ...entry, tree: made });
    }
    return changed ? withEntries(value, entries) : value;
  };
  return inside(tree, undefined) ?? tree;
}

/** Without the `pipeline` at its root, and without the `value` of a variable. */
export const pathOf = (at: At | undefined): string => keysTo(at).join('.');

function keysTo(at: At | undefined): readonly string[] {
  const keys: string[] = [];
  for (let place = at; place; place = place.above) keys.unshift(place.key);
  if (keys[0] === 'pipeline') keys.shift();
  if (keys.at(-1) === 'value' && keys.at(-3) === 'variables') keys.pop();
  return keys;
}

/** Keys whose values are maps, lists, numbers or truth values. */
const yamlKeys: ReadonlySet<string> = new Set([
  ...['reports', 'paths', 'resources', 'limits', 'requests', 'entrypoint', 'args', 'sharedPaths'],
  ...['envVariables', 'portBindings', 'networkAliases', 'outputVariables', 'variables', 'tags'],
  ...['when', 'failureStrategies', 'errors', 'retryCount', 'retryIntervals', 'strategy', 'matrix'],
  ...['exclude', 'repeat', 'times', 'items', 'parallelism', 'maxConcurrency'],
  ...['privileged', 'cloneCodebase', 'runAsUser', 'platform', 'runtime', 'infrastructure'],
  ...['containerSecurityContext'],
  ...['approvers', 'approverInputs', 'minimumCount', 'ready', 'restart', 'needs', 'steps'],
]);

const nameKeys: ReadonlySet<string | undefined> = new Set([
  ...['identifier', 'name', 'type', 'templateRef', 'versionLabel', 'connectorRef'],
]);

/** It names something: a part of the pipeline, or a secret. */
const isName = (at: At | undefined): boolean =>
  nameKeys.has(at?.key) || (at?.key === 'value' && typeOf(at) === 'Secret');

/** Maps whose keys are names, and whose values are texts. */
const textMaps: ReadonlySet<string | undefined> = new Set(['envVariables', 'portBindings', 'tags']);

/** The `type` that stands beside it. */
const typeOf = ({ owner }: At): 'Number' | 'Secret' | undefined =>
  wordOf(['Number', 'Secret'], textOf(owner?.entries.get('type')));

function isYamlPlace(at: At | undefined): boolean {
  if (!at) return true;
  const above = at.above?.key;
  if (textMaps.has(above)) return false;
  if (at.key === 'value') return typeOf(at) === 'Number';
  return above === 'matrix' || yamlKeys.has(at.key);
}
