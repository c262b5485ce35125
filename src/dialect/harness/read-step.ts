import { brief } from '../common/brief.ts';
import { nearest } from '../common/nearest.ts';
import { child, textOf, valueSpan } from '../common/tree.ts';
import { knownTree, lateKeys } from './known.ts';
import { checkOpenShape } from './open-shape.ts';
import { aboutOf, nodeId, runtimeId, whereOf } from './place.ts';
import { readApproval } from './read-approval.ts';
import { readBackground } from './read-background.ts';
import { readRun } from './read-run.ts';
import { plainOutline, readWait } from './read-wait.ts';
import { levels } from './schema.ts';
import { toTurn } from './to-turn.ts';
import { notRunHere, runnable, stepTypes } from './known-types.ts';
import { wordOf } from './values.ts';

import type { Node, WaitStep } from '../../plan/plan.ts';
import type { Spot } from '../common/tree.ts';
import type { Place } from './place.ts';
import type { Part } from './read-members.ts';

/** What the readers of single types are given. */
export interface StepSpots {
  /** The step without its expressions, but for those that may wait. */
  readonly body: Spot;
  readonly spec: Spot;
  readonly common: Pick<Node, 'id' | 'name' | 'where' | 'when' | 'after'>;
}

/** Keys of a step that are read elsewhere. */
const later = new Set([
  'spec',
  'strategy',
  'condition',
  'failureStrategies',
  'description',
  'name',
]);

export function readStep(place: Place): Part {
  const { findings } = place.reading;
  const { body: written } = place.levels.at(-1)!;
  const body = knownTree(written, place, later);
  checkOpenShape(levels.step(), withoutSpec(body), findings, aboutOf(place));
  const type = child(written, 'type');
  const name = wordOf(stepTypes, textOf(type));
  const spots = (): StepSpots => ({
    body,
    spec: knownTree(child(written, 'spec') ?? nothingAt(written), place, lateKeys),
    common: {
      id: nodeId(place.levels),
      name: runtimeId(place.levels),
      where: whereOf(written, findings),
      ...toTurn(body, place),
    },
  });
  if (type && textOf(type) !== undefined && name !== undefined && name !== textOf(type))
    findings.warning(
      valueSpan(type),
      `${aboutOf(place)}: Harness itself refuses \`${brief(textOf(type)!)}\` for \`type\``,
      { hint: `write \`${name}\`` },
    );
  // What is missing is told of already.
  const spec = child(written, 'spec');
  const isBroken = spec?.tree.kind === 'scalar' && spec.tree.isBroken === true;
  if (!spec || isBroken) return skipped(spots(), place);
  switch (wordOf(runnable, name)) {
    case 'Run':
      return readRun(spots(), place);
    case 'Background':
      return readBackground(spots(), place);
    case 'Wait':
      return readWait(spots(), place);
    case 'HarnessApproval':
      return readApproval(spots(), place);
    case 'GitClone':
      findings.warning(
        type ? valueSpan(type) : valueSpan(written),
        `${aboutOf(place)}: nothing is cloned, as the workspace is taken as it is`,
        { hint: 'run it where the codebase is checked out' },
      );
      return skipped(spots(), place);
    case undefined:
      return unsupported(type, name, spots, place);
  }
}

function unsupported(
  type: Spot | undefined,
  name: string | undefined,
  spots: () => StepSpots,
  place: Place,
): Part {
  const { findings } = place.reading;
  const text = textOf(type);
  if (type && text !== undefined) {
    const near = name === undefined ? nearest(text, stepTypes) : undefined;
    if (name !== undefined || near === undefined)
      notRunHere(type, `a step of type \`${brief(text)}\``, place);
    else
      findings.error(valueSpan(type), `${aboutOf(place)}: there is no type \`${brief(text)}\``, {
        hint: `did you mean \`${near}\`?`,
      });
  }
  return skipped(spots(), place);
}

/** A step of which nothing comes. */
function skipped({ common }: StepSpots, place: Place): Part {
  const node: WaitStep = {
    kind: 'wait',
    ...common,
    when: { kind: 'true', expression: { kind: 'value', value: false } },
    durationMs: 0,
  };
  return { node, outline: plainOutline(place) };
}

/** What stands under `spec` is read by its type. */
function withoutSpec(body: Spot): Spot {
  const { tree } = body;
  const spec = tree.kind === 'map' ? tree.entries.get('spec') : undefined;
  if (tree.kind !== 'map' || spec?.tree.kind !== 'map') return body;
  const bare = { ...spec, tree: { ...spec.tree, entries: new Map() } };
  return { ...body, tree: { ...tree, entries: new Map(tree.entries).set('spec', bare) } };
}

const nothingAt = ({ tree, key }: Spot): Spot => ({
  tree: { kind: 'map', span: tree.span, size: 1, flow: false, entries: new Map() },
  key,
});
