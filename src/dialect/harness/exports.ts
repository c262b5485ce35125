import { child, members, ownerSpan, textOf } from '../common/tree.ts';
import { brief } from '../common/brief.ts';
import { identityOf } from './identify.ts';
import { aboutOf, stageOf } from './place.ts';
import { wordOf } from './values.ts';

import type { Spot, Tree } from '../common/tree.ts';
import type { Level, Place } from './place.ts';

/** How far a name for the outputs of a step is known. */
export const exportScopes = ['Pipeline', 'Stage', 'StepGroup'] as const;

export type ExportScope = (typeof exportScopes)[number];

/** A step whose outputs have another name. */
export interface Exporter {
  /** Where it stands, the stage first. */
  readonly levels: readonly Level[];
  readonly scope: ExportScope;
  readonly key: string;
  /** What it declares. */
  readonly outputs: readonly string[];
}

const found = new WeakMap<Tree, readonly Exporter[]>();

function filledAt(spot: Spot, key: string): string | undefined {
  const text = textOf(child(spot, key))?.trim();
  return text === '' ? undefined : text;
}

/** Every step of a pipeline whose outputs have another name, in the order of the file. */
export function exportersIn(pipeline: Spot): readonly Exporter[] {
  const known = found.get(pipeline.tree) ?? [...exportersOf(child(pipeline, 'stages'), [])];
  found.set(pipeline.tree, known);
  return known;
}

const kinds = [
  ['stage', 'stage'],
  ['stepGroup', 'group'],
  ['step', 'step'],
] as const;

function* exportersOf(list: Spot | undefined, around: readonly Level[]): Generator<Exporter> {
  for (const item of members(list)) {
    for (const [key, kind] of kinds) {
      const body = child(item, key);
      if (!body) continue;
      const identity = identityOf(body);
      const levels = [...around, { kind, ...identity, id: identity.identifier, body }];
      if (kind === 'step') yield* exporterAt(body, levels);
      else yield* exportersOf(stepsOf(kind, body), levels);
    }
    yield* exportersOf(child(item, 'parallel'), around);
  }
}

function stepsOf(kind: 'stage' | 'group', body: Spot): Spot | undefined {
  if (kind === 'group') return child(body, 'steps');
  const execution = child(child(body, 'spec') ?? body, 'execution');
  return execution && child(execution, 'steps');
}

function* exporterAt(body: Spot, levels: readonly Level[]): Generator<Exporter> {
  const spec = child(body, 'spec');
  const alias = spec && child(spec, 'outputAlias');
  if (!alias || wordOf(['Run'] as const, filledAt(body, 'type')) === undefined) return;
  const key = filledAt(alias, 'key');
  const scope = wordOf(exportScopes, filledAt(alias, 'scope'));
  if (key === undefined || scope === undefined) return;
  const declared = members(child(spec, 'outputVariables'));
  yield { levels, scope, key, outputs: declared.map((one) => textOf(child(one, 'name')) ?? '') };
}

/** Whether what one step exports is known to what stands at these levels. */
export function isInReach({ scope, levels }: Exporter, asking: readonly Level[]): boolean {
  const owner =
    scope === 'Stage'
      ? levels[0]
      : scope === 'StepGroup'
        ? levels.findLast(({ kind }) => kind === 'group')
        : undefined;
  if (scope === 'Pipeline') return true;
  return owner !== undefined && asking.some(({ body }) => body.tree === owner.body.tree);
}

/** Tells what is wrong with the other name that a step gives to its outputs. */
export function checkAlias(spec: Spot, place: Place): void {
  const { findings, pipeline } = place.reading;
  const alias = child(spec, 'outputAlias');
  if (!alias || alias.tree.kind !== 'map') return;
  const about = aboutOf(place);
  const key = filledAt(alias, 'key');
  const scope = wordOf(exportScopes, filledAt(alias, 'scope'));
  const span = ownerSpan(alias);
  if (key?.includes('.') === true)
    findings.error(ownerSpan(child(alias, 'key')!), `${about}: \`${brief(key)}\` has a dot in it`, {
      hint: 'dots part the scope, the key and the output where it is asked for',
    });
  const isInGroup = place.levels.some(({ kind }) => kind === 'group');
  if (scope === 'StepGroup' && !isInGroup)
    findings.error(
      ownerSpan(child(alias, 'scope')!),
      `${about}: it stands in no group, so that nobody can ask for what it exports`,
      { hint: 'make the scope `Stage` or `Pipeline`' },
    );
  if (members(child(spec, 'outputVariables')).length === 0)
    findings.warning(span, `${about}: \`outputAlias\` names outputs, and it has none`, {
      hint: 'declare them in `outputVariables`',
    });
  if (place.levels.some(({ loop }) => loop !== undefined))
    findings.warning(span, `${about}: what runs in copies exports nothing`, {
      hint: 'ask for the output of one copy by its own name, such as `steps.x_0.output`',
    });
  const own = place.levels.at(-1)!.body.tree;
  const same = exportersIn(pipeline).filter((one) => one.key === key && one.scope === scope);
  const earlier = same
    .slice(
      0,
      same.findIndex(({ levels }) => levels.at(-1)!.body.tree === own),
    )
    .find((one) => isInReach(one, place.levels));
  if (earlier && stageOf(place))
    findings.warning(span, `${about}: \`${brief(key ?? '')}\` is the alias of another step, too`, {
      hint: 'where both run, Harness refuses the second, and here it counts',
      related: [{ message: 'the other one', span: ownerSpan(earlier.levels.at(-1)!.body) }],
    });
}
