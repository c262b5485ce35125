import { toSource } from '../common/source.ts';
import { valuesOfFiles } from './input-files.ts';
import { nameOfPlace } from './input-names.ts';
import { askForInput } from './ask-for-input.ts';
import { textsByPath } from './input-texts.ts';
import { expectedOf, holdsInput, isInput, parseInput } from './input-notation.ts';
import { changeScalars, inputPlaces, pathOf } from './input-places.ts';
import { valueOfText, whyNotTaken } from './input-values.ts';
import { lateText, lateWord } from './late-word.ts';
import { brokenAt, textAt } from './make-tree.ts';

import type { Findings } from '../common/diagnostic.ts';
import type { Tree } from '../common/tree.ts';
import type { InputNotation } from './input-notation.ts';
import type { InputPlace } from './input-places.ts';
import type { AskInput, GivenInputs } from './inputs-given.ts';
import type { LateInput } from './late-inputs.ts';
import type { Settled } from './settle.ts';

const nothingGiven: GivenInputs = { values: [], files: [] };

/** A name that is given on the command line, where people see it. */
const givenFile = '--input';

/**
 * Replaces every `<+input>` by what is given for it, by what a person answers, or by its default. Those that
 * are missing are all told. What no run on this machine needs is left out when it has neither. What is
 * wanted only when its place is reached, and can wait, stays open.
 */
export async function giveInputs(
  tree: Tree,
  findings: Findings,
  given: GivenInputs = nothingGiven,
  early: ReadonlySet<string> = new Set(),
): Promise<Settled> {
  tellInside(tree, findings);
  const places = inputPlaces(tree);
  const named = toSource(givenFile, given.values.map(({ name }) => name).join('\n'));
  const texts = textsByPath(given, places, named, findings);
  const trees = valuesOfFiles(given.files, places, findings);
  const values = new Map<string, Tree | undefined>();
  const late = new Map<string, LateInput>();
  for (const place of places) {
    const { path, scalar } = place;
    if (values.has(path)) continue;
    const filling = { place, places, text: texts.get(path), tree: trees.get(path) };
    const notation = waiting(filling, early, findings);
    if (notation) {
      const word = lateWord(late.size + 1);
      late.set(word, { path, name: nameOfPlace(place, places), notation, scalar });
      values.set(path, textAt(scalar.span, lateText(word)));
      continue;
    }
    values.set(path, await valueOf(filling, given.ask, findings));
  }
  const filled =
    places.length === 0
      ? tree
      : changeScalars(tree, (scalar, at) =>
          isInput(scalar.text) ? values.get(pathOf(at)) : scalar,
        );
  return { tree: filled, sources: [...given.files, named], late };
}

/** What is wanted at a place, if it is not given by now and can wait. That something cannot is told. */
function waiting(
  { place: { scalar, path, mustBeKnown, isNotNeeded }, text, tree }: FillingOfPlace,
  early: ReadonlySet<string>,
  findings: Findings,
): InputNotation | undefined {
  const parsed = parseInput(scalar.text);
  const isOpen = text === undefined && tree === undefined && !isNotNeeded;
  if (!parsed.ok || parsed.value.isLate !== true || !isOpen) return undefined;
  if (!mustBeKnown && !early.has(path)) return parsed.value;
  findings.warning(
    scalar.span,
    `the input \`${path}\` is asked for at the start, though it says \`.executionInput()\``,
    { hint: 'what it decides must be known before the run' },
  );
  return undefined;
}

/** Inputs are whole values: nothing is put into a text. */
function tellInside(tree: Tree, findings: Findings): void {
  changeScalars(tree, (scalar) => {
    if (holdsInput(scalar.text) && !isInput(scalar.text))
      findings.error(scalar.span, '`<+input>` stands within a text, where nothing is asked for', {
        hint: 'make it the value of a variable, and put `<+pipeline.variables.NAME>` here',
      });
    return scalar;
  });
}

interface FillingOfPlace {
  readonly place: InputPlace;
  readonly places: readonly InputPlace[];
  readonly text: string | undefined;
  readonly tree: Tree | undefined;
}

/** What goes to a place; `undefined` when nothing needs to. */
async function valueOf(
  { place, places, text, tree }: FillingOfPlace,
  ask: AskInput | undefined,
  findings: Findings,
): Promise<Tree | undefined> {
  const { scalar, path } = place;
  const parsed = parseInput(scalar.text);
  if (!parsed.ok) {
    findings.error(scalar.span, `this input ${parsed.failure}`);
    return brokenAt(scalar.span);
  }
  const notation = parsed.value;
  const { fallback } = notation;
  if (text !== undefined) return valueFrom(text, place, notation, findings);
  if (tree) return checked(tree, place, notation, findings);
  const asked = place.isNotNeeded ? undefined : ask;
  const answer = asked && (await askForInput(place, notation, asked));
  const settled = answer ?? fallback;
  if (settled !== undefined) return valueFrom(settled, place, notation, findings);
  if (place.isNotNeeded) return undefined;
  const expected = expectedOf(notation);
  const flag = `\`--input ${nameOfPlace(place, places)}=…\``;
  findings.error(scalar.span, `the input \`${path}\` is missing`, {
    hint: `give it by ${flag}${expected === undefined ? '' : `: ${expected}`}`,
  });
  return brokenAt(scalar.span);
}

function valueFrom(
  text: string,
  place: InputPlace,
  notation: InputNotation,
  findings: Findings,
): Tree {
  const value = valueOfText(text, place);
  if (value.ok) return checked(value.value, place, notation, findings);
  findings.error(place.scalar.span, `what is given for \`${place.path}\` ${value.failure}`);
  return brokenAt(place.scalar.span);
}

function checked(
  tree: Tree,
  { scalar, path }: InputPlace,
  notation: InputNotation,
  findings: Findings,
): Tree {
  const expected = whyNotTaken(notation, tree);
  if (expected === undefined) return tree;
  findings.error(tree.span, `what is given for \`${path}\` must be ${expected}`, {
    ...(tree.span !== scalar.span && {
      related: [{ message: 'asked for here', span: scalar.span }],
    }),
  });
  return brokenAt(scalar.span);
}
