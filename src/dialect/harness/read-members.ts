import { child, keysOf, members, ownerSpan } from '../common/tree.ts';
import { checkIdentity, identityOf } from './identify.ts';
import { knownTree } from './known.ts';
import { noteOwned } from './late-inputs.ts';
import { readLoops } from './loops.ts';
import { checkOpenShape } from './open-shape.ts';
import { aboutOf, nodeId, runtimeId, whereOf, within } from './place.ts';
import { readStep } from './read-step.ts';
import { levels } from './schema.ts';
import { tellSharedByGroup } from './shared-paths.ts';
import { toTimeout, toTurn } from './to-turn.ts';
import { toFailureRules } from './to-failure-rules.ts';

import type { Group, Node } from '../../plan/plan.ts';
import type { Outline } from '../common/outline.ts';
import type { Spot } from '../common/tree.ts';
import type { Level, Place } from './place.ts';

/** What was read of a part of a stage: its outline always, its node when it could be made out. */
export interface Part {
  readonly outline: Outline;
  readonly node: Node | undefined;
}

/** Reads a list of steps, groups and parallels. `prefix` begins the ids of what has none of its own. */
export function readMembers(
  list: Spot | undefined,
  place: Place,
  prefix = nodeId(place.levels),
): readonly Part[] {
  return members(list).flatMap((item, index) => readMember(item, place, `${prefix}.${index + 1}`));
}

function readMember(item: Spot, place: Place, id: string): readonly Part[] {
  const { findings } = place.reading;
  checkOpenShape(levels.member(), item, findings, 'this item');
  const [kind, second] = ['step', 'stepGroup', 'parallel'].filter((key) => child(item, key));
  if (second !== undefined)
    findings.error(
      ownerSpan(child(item, second)!),
      `\`${second}\` cannot stand beside \`${kind}\` in one item`,
      { hint: 'begin another item with `- `' },
    );
  if (kind === undefined) {
    if (item.tree.kind === 'map' && !child(item, 'insert') && keysOf(item).length === 0)
      findings.error(ownerSpan(item), 'this item is empty', {
        hint: 'it is a `step`, a `stepGroup` or `parallel`',
      });
    return [];
  }
  const body = child(item, kind)!;
  if (kind === 'parallel') {
    const parts = readMembers(body, place, id);
    return [grouped(parts, { id, name: 'parallel', body, place })];
  }
  return [readCopies(body, place, kind === 'step' ? 'step' : 'group')];
}

/** Reads something that may have a `strategy`: then it is a group of its copies. */
function readCopies(body: Spot, place: Place, kind: 'step' | 'group'): Part {
  const { findings } = place.reading;
  const { identifier, name: called } = identityOf(body);
  const level: Level = { kind, identifier, name: called, id: identifier, body };
  const here = within(place, level);
  checkIdentity(body, aboutOf(here), findings);
  const read = kind === 'step' ? readStep : readGroup;
  const loops = readLoops(body, here);
  if (!loops) return read(here);
  const copies = loops.loops.map((loop) =>
    read(within(place, { ...level, id: `${level.identifier}_${loop.iteration}`, loop })),
  );
  const name = runtimeId(here.levels);
  const whole = grouped(copies, { id: nodeId(here.levels), name, body, place });
  const { atOnce } = loops;
  return atOnce === undefined || whole.node?.kind !== 'group'
    ? whole
    : { ...whole, node: { ...whole.node, atOnce } };
}

/** Parts that run at the same time. To Harness they are no step group, and cannot begin anew as one. */
function grouped(
  parts: readonly Part[],
  { id, name, body, place }: { id: string; name: string; body: Spot; place: Place },
): Part {
  const nodes = parts.flatMap(({ node }) => node ?? []);
  const where = whereOf(body, place.reading.findings);
  return {
    outline: {
      kind: 'group',
      name: undefined,
      order: 'parallel',
      members: parts.map(({ outline }) => outline),
    },
    node: { kind: 'group', id, name, where, order: 'parallel', members: nodes, anew: 'around' },
  };
}

/** Keys of a group that are read with what is in it. */
const later = new Set([
  'steps',
  'strategy',
  'condition',
  'variables',
  'envVariables',
  'failureStrategies',
]);

function readGroup(place: Place): Part {
  const { findings } = place.reading;
  const { body: written } = place.levels.at(-1)!;
  const body = knownTree(written, place, later);
  const about = aboutOf(place);
  noteOwned(written, place);
  checkOpenShape(levels.group(), body, findings, about);
  tellSharedByGroup(body, place);
  const parts = readMembers(child(body, 'steps'), place);
  toFailureRules(place);
  const nodes = parts.flatMap(({ node }) => node ?? []);
  const name = runtimeId(place.levels);
  const node: Group = {
    kind: 'group',
    id: nodeId(place.levels),
    name,
    where: whereOf(written, findings),
    ...toTurn(body, place),
    order: 'serial',
    members: nodes,
    ...toTimeout(body),
  };
  const span = ownerSpan(child(written, 'identifier') ?? child(written, 'name') ?? written);
  return {
    outline: {
      kind: 'group',
      name: { text: name, span },
      order: 'serial',
      members: parts.map(({ outline }) => outline),
    },
    node,
  };
}
