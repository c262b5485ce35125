import { brief } from '../common/brief.ts';
import { child, keysOf, members, ownerSpan, textOf } from '../common/tree.ts';
import { aboutOf, stageOf } from './place.ts';
import { worthOf } from './scope-values.ts';
import { textAt } from './texts.ts';
import { hasExpressions } from './expression/text.ts';

import type { Text, Variable } from '../../plan/plan.ts';
import type { Spot, Tree } from '../common/tree.ts';
import type { Level, Place } from './place.ts';

/**
 * The variables that a command gets, the later ones before the earlier: those of the pipeline, of the
 * stage, of the groups, what it is told of its copy, and its own.
 */
export function toEnvironment(own: Spot | undefined, place: Place): readonly Variable[] {
  const values = new Map<string, Text>();
  const give = (name: string, value: Text): void => {
    values.delete(name);
    values.set(name, value);
  };
  const told = place.stage?.told ?? new Set();
  for (const body of [place.reading.pipeline, ...place.levels.map((level) => level.body)])
    for (const [name, worth] of declared(body)) {
      const value = worth && isSpot(worth) ? textAt(worth, place) : (worth ?? []);
      if (!told.has(name)) give(name, value);
    }
  for (const [name, value] of turnOf(place)) give(name, [value]);
  for (const name of own ? keysOf(own) : []) {
    const spot = child(own!, name)!;
    if (isName(name)) give(name, textAt(spot, place));
    else
      place.reading.findings.error(
        ownerSpan(spot),
        `${aboutOf(place)}: ${name === '' ? 'an empty text' : `\`${brief(name)}\``} cannot be the name of a variable`,
        { hint: 'a name has no `=` and no blanks, and is not empty' },
      );
  }
  return [...values].map(([name, value]) => ({ name, value }));
}

const isName = (name: string): boolean => /^[^=\s\0]+$/.test(name);

/** What something declares: a text, or a place whose expressions every step works out for itself. */
type Declared = readonly [name: string, worth: Text | Spot | undefined];

/** By the bodies: what a stage declares, each of its steps gets. */
const known = new WeakMap<Tree, readonly Declared[]>();

/** The variables that a pipeline, a stage or a group declares; those that a shell could not name are for expressions only. */
function declared(body: Spot): readonly Declared[] {
  const written = child(body, 'variables');
  const environment = child(body, 'envVariables');
  if (!written && !environment) return [];
  const before = body.alias ? undefined : known.get(body.tree);
  if (before) return before;
  const variables = members(written).flatMap((one): readonly Declared[] => {
    const name = textOf(child(one, 'name')) ?? '';
    if (!/^[a-zA-Z_]\w*$/.test(name)) return [];
    const found = worthOf(body, [name], 'variables');
    if (found.kind === 'expression' && found.expression.kind === 'variable')
      return [[name, [{ variable: found.expression.name }]]];
    const value = child(one, 'value');
    const isGiven = value && textOf(value) !== undefined && textOf(value) !== '';
    return [[name, isGiven ? value : child(one, 'default')]];
  });
  const more = environment ? keysOf(environment) : [];
  const all = [...variables, ...more.map((name): Declared => [name, child(environment!, name)])];
  const made = all.map(([name, worth]): Declared => [name, settled(worth)]);
  // Through an alias, mistakes are told at the alias.
  if (!body.alias) known.set(body.tree, made);
  return made;
}

const isSpot = (worth: Text | Spot): worth is Spot => 'tree' in worth;

/** A text that no expression is in is the same for every step. */
function settled(worth: Text | Spot | undefined): Text | Spot | undefined {
  if (!worth || !isSpot(worth)) return worth;
  const text = textOf(worth);
  if (text === undefined || text === '') return [];
  return hasExpressions(text) ? worth : [text];
}

/** What copies are told of themselves. */
function turnOf(place: Place): readonly (readonly [string, string])[] {
  const step = place.levels.findLast(({ kind }) => kind === 'step');
  const innermost = place.levels.findLast(({ loop }) => loop !== undefined);
  return [
    ...numbers('STAGE', stageOf(place)),
    ...numbers('STEP', step),
    ...numbers('NODE', innermost),
  ];
}

const numbers = (what: string, level: Level | undefined): readonly (readonly [string, string])[] =>
  level?.loop
    ? [
        [`HARNESS_${what}_INDEX`, String(level.loop.iteration)],
        [`HARNESS_${what}_TOTAL`, String(level.loop.iterations)],
      ]
    : [];
