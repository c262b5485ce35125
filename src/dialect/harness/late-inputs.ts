import { mentions } from '../../plan/mentions.ts';
import { child, members, textOf } from '../common/tree.ts';
import { lateWordIn } from './late-word.ts';
import { nodeId } from './place.ts';
import { unknown } from './scope-values.ts';

import type { Text } from '../../plan/plan.ts';
import type { ScalarTree, Spot } from '../common/tree.ts';
import type { InputNotation } from './input-notation.ts';
import type { Place, Reading } from './place.ts';
import type { Found, Path } from './scope-values.ts';

/** An input that is wanted when its place is reached. */
export interface LateInput {
  /** The path of its place in the pipeline. */
  readonly path: string;
  /** What it is called where it is asked for. */
  readonly name: string;
  readonly notation: InputNotation;
  readonly scalar: ScalarTree;
}

/** What is late in a pipeline, as far as that is found out while it is read. */
export interface LateReading {
  /** All of it, by the words that stand for it in the pipeline. */
  readonly written: ReadonlyMap<string, LateInput>;
  /** What something needs, by the run's variable that will hold what is given, with whoever needs it first. */
  readonly needed: Map<string, { readonly input: LateInput; readonly place: Place }>;
  /** What the variables of stages and groups ask for, by the id of the stage or group. */
  readonly owned: Map<string, Set<string>>;
  /** The paths of what cannot wait, as something must know it before the run. */
  readonly early: Set<string>;
}

/** What an expression comes to that stands for a late input. */
export function lateInput([word]: Path, place: Place): Found {
  const { written, needed } = place.reading.late;
  const input = written.get(String(word));
  if (!input) return unknown('executionInput');
  const name = `input:${input.path}`;
  if (!needed.has(name)) needed.set(name, { input, place });
  return { kind: 'expression', expression: { kind: 'variable', name } };
}

/** Notes what the variables of the stage or group ask for that the innermost level is: it waits for that itself. */
export function noteOwned(body: Spot, place: Place): void {
  const { written, owned } = place.reading.late;
  if (written.size === 0) return;
  const id = nodeId(place.levels);
  for (const variable of members(child(body, 'variables'))) {
    const word = lateWordIn(textOf(child(variable, 'value')) ?? '');
    const found = word === undefined ? undefined : lateInput([word], place);
    if (found?.kind !== 'expression' || found.expression.kind !== 'variable') continue;
    const names = owned.get(id) ?? new Set();
    owned.set(id, names.add(found.expression.name));
  }
}

/** Notes that a text waits for late inputs, and must not. Answers whether it does. */
export function noteEarly(text: Text, { late }: Reading): boolean {
  const waiting = [...late.needed].filter(([name]) => mentions(text, new Set([name])));
  for (const [, { input }] of waiting) late.early.add(input.path);
  return waiting.length > 0;
}
