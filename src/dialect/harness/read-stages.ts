import { child, keysOf, members, ownerSpan, valueSpan } from '../common/tree.ts';
import { checkIdentity, identityOf } from './identify.ts';
import { readLoops } from './loops.ts';
import { checkOpenShape } from './open-shape.ts';
import { aboutOf, within } from './place.ts';
import { readStage } from './read-stage.ts';
import { levels } from './schema.ts';

import type { AtOnce } from '../../plan/plan.ts';
import type { Spot } from '../common/tree.ts';
import type { Level, Place } from './place.ts';
import type { StagePart } from './read-stage.ts';

/** Reads the stages of a pipeline in their order; those that begin together say so. */
export function readStages(list: Spot | undefined, place: Place): readonly StagePart[] {
  return members(list).flatMap((item) => readMember(item, place));
}

function readMember(item: Spot, place: Place): readonly StagePart[] {
  const { findings } = place.reading;
  checkOpenShape(levels.stageMember(), item, findings, 'this item');
  const stage = child(item, 'stage');
  const parallel = child(item, 'parallel');
  if (stage && parallel)
    findings.error(ownerSpan(parallel), '`parallel` cannot stand beside `stage` in one item', {
      hint: 'begin another item with `- `',
    });
  if (stage) return readCopies(stage, place);
  if (parallel) return beside(members(parallel).flatMap((one) => readMember(one, place)));
  if (item.tree.kind === 'map' && keysOf(item).length === 0)
    findings.error(valueSpan(item), 'this item is empty', {
      hint: 'it is a `stage` or `parallel`',
    });
  return [];
}

/** A stage with a `strategy` stands for copies of itself. */
function readCopies(body: Spot, place: Place): readonly StagePart[] {
  const level: Level = {
    kind: 'stage',
    ...identityOf(body),
    id: identityOf(body).identifier,
    body,
  };
  const here = within(place, level);
  checkIdentity(body, aboutOf(here), place.reading.findings);
  const loops = readLoops(body, here);
  if (!loops) return [readStage(here)];
  const parts = loops.loops.map((loop) => {
    const id = `${level.identifier}_${loop.iteration}`;
    return readStage(
      within(place, { ...level, id, name: `${level.name}_${loop.iteration}`, loop }),
    );
  });
  const { atOnce: most = Infinity } = loops;
  if (most >= parts.length) return beside(parts);
  const atOnce: AtOnce = { of: level.identifier, most };
  return beside(parts).map((part) => ({ ...part, stage: { ...part.stage, atOnce } }));
}

/** The same as stages that begin together. */
const beside = ([first, ...rest]: readonly StagePart[]): readonly StagePart[] =>
  first
    ? [
        first,
        ...rest.map((part): StagePart => ({ ...part, stage: { ...part.stage, beside: true } })),
      ]
    : [];
