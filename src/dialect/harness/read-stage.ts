import { brief } from '../common/brief.ts';
import { nearest } from '../common/nearest.ts';
import { child, members, ownerSpan, textOf, valueSpan } from '../common/tree.ts';
import { toAround } from './around.ts';
import { knownTree } from './known.ts';
import { noteOwned } from './late-inputs.ts';
import { checkReach } from './check-reach.ts';
import { checkOpenShape } from './open-shape.ts';
import { aboutOf, whereOf } from './place.ts';
import { readInfrastructure } from './read-infrastructure.ts';
import { readMembers } from './read-members.ts';
import { runtimeIdsIn } from './runtime-ids.ts';
import { levels } from './schema.ts';
import { tellUnshared, toSharedFolders } from './shared-paths.ts';
import { toTimeout, toTurn, warnUseless } from './to-turn.ts';
import { toFailureRules } from './to-failure-rules.ts';
import { notRunHere, runnableStages, stageTypes } from './known-types.ts';
import { wordOf } from './values.ts';
import { withServices } from './service-dependencies.ts';

import type { Group, Stage } from '../../plan/plan.ts';
import type { OutlineGroup } from '../common/outline.ts';
import type { Span } from '../common/source.ts';
import type { Spot } from '../common/tree.ts';
import type { Place } from './place.ts';
import type { Infrastructure } from './read-infrastructure.ts';

/** A stage as it was read. */
export interface StagePart {
  readonly stage: Stage;
  readonly outline: OutlineGroup;
  /** Where its identifier stands. */
  readonly span: Span;
}

const later = new Set([
  'spec',
  'strategy',
  'condition',
  'skipCondition',
  'variables',
  'failureStrategies',
  'description',
  'name',
]);

/** Reads the stage that the innermost level of `place` is. */
export function readStage(place: Place): StagePart {
  const { findings } = place.reading;
  const level = place.levels.at(-1)!;
  const { body: written, id, name } = level;
  const about = aboutOf(place);
  const body = knownTree(written, place, later);
  checkOpenShape(levels.stage(), body, findings, about);
  warnOfUnused(body, place);
  const called = child(written, 'identifier') ?? child(written, 'name');
  const span = called ? valueSpan(called) : ownerSpan(written);
  const type = child(written, 'type');
  const kind = wordOf(runnableStages, textOf(type));
  const common = {
    id,
    name,
    failing: 'in-order' as const,
    ...toTurn(body, place),
    ...toTimeout(body),
  };
  if (kind === undefined) {
    tellType(type, place);
    return {
      stage: { ...common, root: rootOf([], place), ...never },
      outline: outlineOf([]),
      span,
    };
  }
  const spec = child(written, 'spec');
  const settled = spec && knownTree(spec, place, new Set(['execution', 'serviceDependencies']));
  noteOwned(written, place);
  const schema = kind === 'CI' ? levels.ciSpec() : levels.plainSpec();
  if (settled) checkOpenShape(schema, settled, findings, about);
  const infrastructure = kind === 'CI' && settled ? readInfrastructure(settled, place) : none;
  const folders = [...infrastructure.folders, ...toSharedFolders(settled, place)];
  const around = toAround(place, folders);
  const execution = settled && child(settled, 'execution');
  const steps = withServices(execution && child(execution, 'steps'), settled);
  if (kind === 'CI' && textOf(settled && child(settled, 'cloneCodebase')) === 'true')
    tellClone(child(settled!, 'cloneCodebase')!, place);
  const inside: Place = {
    ...place,
    stage: {
      isPod: infrastructure.isPod,
      defaults: infrastructure.defaults,
      volumes: infrastructure.volumes,
      told: new Set(around.environment.map((one) => one.name)),
      runtimeIds: runtimeIdsIn(steps, []),
    },
  };
  const parts = readMembers(steps, inside);
  toFailureRules(place);
  const root = rootOf(
    parts.flatMap(({ node }) => node ?? []),
    place,
  );
  tellUnshared(settled, root, place);
  const outline = outlineOf(parts.map((part) => part.outline));
  if (!infrastructure.isPod) checkReach(root, outline, findings);
  return {
    stage: {
      ...common,
      root,
      ...(infrastructure.isPod && { sharesLoopback: true }),
      around,
    },
    outline,
    span,
  };
}

const none: Infrastructure = { isPod: false, defaults: {}, volumes: [], folders: [] };

const never = {
  when: { kind: 'true', expression: { kind: 'value', value: false } },
} as const satisfies Partial<Stage>;

const rootOf = (nodes: Group['members'], { levels: around, reading }: Place): Group => ({
  kind: 'group',
  id: `${around[0]!.id}.(root)`,
  name: around[0]!.name,
  where: whereOf(around[0]!.body, reading.findings),
  order: 'serial',
  members: nodes,
});

const outlineOf = (outlines: OutlineGroup['members']): OutlineGroup => ({
  kind: 'group',
  name: undefined,
  order: 'serial',
  members: outlines,
});

function tellType(type: Spot | undefined, place: Place): void {
  const text = textOf(type);
  if (!type || text === undefined) return;
  const near = wordOf(stageTypes, text) === undefined ? nearest(text, stageTypes) : undefined;
  if (near === undefined) notRunHere(type, `a stage of type \`${brief(text)}\``, place);
  else
    place.reading.findings.error(
      valueSpan(type),
      `${aboutOf(place)}: there is no type of stage \`${brief(text)}\``,
      { hint: `did you mean \`${near}\`?` },
    );
}

/** Warns of what would keep it from starting, or from starting by itself. */
function warnOfUnused(body: Spot, place: Place): void {
  warnUseless(body, 'skipCondition', place, 'says nothing here', 'say when it runs by `when`');
  const mode = child(body, 'runMode');
  if (wordOf(['Manual'] as const, textOf(mode && child(mode, 'type'))))
    warnUseless(
      body,
      'runMode',
      place,
      'says nothing here: it starts by itself',
      'a step of type `HarnessApproval` asks before what comes after it',
    );
}

/** Said once for a file, where it stands first. */
function tellClone(spot: Spot, { reading, levels: around }: Place): void {
  const stages = [...bodiesWithClone(child(reading.pipeline, 'stages'))];
  if (stages[0] !== around[0]!.body.tree) return;
  reading.findings.warning(
    valueSpan(spot),
    'nothing is cloned: the workspace is taken as it is, for this stage and the others',
  );
}

function* bodiesWithClone(list: Spot | undefined): Generator<Spot['tree']> {
  for (const item of members(list)) {
    const stage = child(item, 'stage');
    const spec = stage && child(stage, 'spec');
    if (stage && textOf(spec && child(spec, 'cloneCodebase')) === 'true') yield stage.tree;
    yield* bodiesWithClone(child(item, 'parallel'));
  }
}
