import { brief } from '../common/brief.ts';
import { rangeOf } from '../common/source.ts';
import { child, ownerSpan } from '../common/tree.ts';

import type { Value } from '../../plan/expression.ts';
import type { Registry, Where } from '../../plan/plan.ts';
import type { Findings } from '../common/diagnostic.ts';
import type { Spot } from '../common/tree.ts';
import type { Connectors } from './connectors.ts';
import type { LateReading } from './late-inputs.ts';
import type { Loops } from './loops.ts';

/** What is known of a whole pipeline while it is read. */
export interface Reading {
  readonly findings: Findings;
  /** What stands under `pipeline:`. */
  readonly pipeline: Spot;
  readonly options: ReadingOptions;
  readonly connectors: Connectors;
  /** What steps have asked of registries so far, by their hosts. */
  readonly registries: Map<string, Registry>;
  readonly late: LateReading;
  /** Ids of nodes and stages whose outcome an expression asks for. */
  readonly asked: Set<string>;
  /** The copies of what stands at a place, for expressions that name them. */
  readonly loopsOf: (body: Spot, place: Place) => Loops | undefined;
}

export interface ReadingOptions {
  /** A service that ends before its time makes the run fail, unless it says otherwise itself. */
  readonly strict?: boolean;
  /** What cannot be run here is skipped, and no mistake. */
  readonly skipUnsupported?: boolean;
  /** Stages of pods may be run as containers of a Docker engine. */
  readonly podsAsContainers?: boolean;
  /** The variables of the run, where secrets are. Absent: every secret may be given later. */
  readonly variables?: ReadonlyMap<string, string>;
  /** What is known of the codebase and the like, by its path in expressions: `codebase.branch`. */
  readonly facts?: ReadonlyMap<string, string>;
}

/** Where something is read: the stage, the groups and the step it stands in, the outermost first. */
export interface Place {
  readonly reading: Reading;
  readonly levels: readonly Level[];
  /** What the stage decides for all that is in it. Absent outside of stages. */
  readonly stage?: StageFacts;
}

export interface Level {
  readonly kind: 'stage' | 'group' | 'step';
  /** As it is written. */
  readonly identifier: string;
  /** The same with the number of the copy. */
  readonly id: string;
  readonly name: string;
  readonly body: Spot;
  readonly loop?: Loop;
}

/** Which one of several copies it is. */
export interface Loop {
  readonly matrix?: { readonly [axis: string]: Value };
  readonly item?: Value;
  readonly iteration: number;
  readonly iterations: number;
}

/** How a stage is carried out. */
export interface StageFacts {
  readonly isPod: boolean;
  readonly defaults: ContainerDefaults;
  /** The containers of the stage get these besides: `source:target`. */
  readonly volumes: readonly string[];
  /** Variables that its surroundings give to each task. */
  readonly told: ReadonlySet<string>;
  /** What steps of each identifier are called while they run. */
  readonly runtimeIds: ReadonlyMap<string, readonly string[]>;
}

/** What the containers of a stage have that say nothing of it themselves, as it is written. */
export type ContainerDefaults = {
  readonly [key in 'privileged' | 'runAsUser' | 'imagePullPolicy']?: string | undefined;
};

/** The same place one level deeper. */
export const within = (place: Place, level: Level): Place => ({
  ...place,
  levels: [...place.levels, level],
});

export const stageOf = ({ levels }: Place): Level | undefined =>
  levels.find(({ kind }) => kind === 'stage');

/** What Harness calls a step while it runs: the groups around it come first. */
export function runtimeId(levels: readonly Level[]): string {
  let id = '';
  for (const level of levels)
    if (level.kind !== 'stage') id = id === '' ? level.id : `${id}_${level.id}`;
  return id;
}

/** The id of the node, or of the stage, that the innermost level is. */
export function nodeId(levels: readonly Level[]): string {
  const stage = levels.find(({ kind }) => kind === 'stage');
  const inside = runtimeId(levels);
  if (!stage) return inside;
  return inside === '' ? stage.id : `${stage.id}.${inside}`;
}

/** How messages name the innermost level: "step 'db'". */
export function aboutOf({ levels }: Place): string {
  const last = levels.at(-1);
  if (!last) return 'this pipeline';
  const id = last.kind === 'stage' ? last.identifier : writtenId(levels);
  return id === '' ? `this ${last.kind}` : `${last.kind} '${brief(id)}'`;
}

/** The same as `runtimeId` as the file has it, without the numbers of copies. */
export function writtenId(levels: readonly Level[]): string {
  let id: string | undefined;
  for (const { kind, identifier } of levels)
    if (kind !== 'stage') id = id === undefined ? identifier : `${id}_${identifier}`;
  return id ?? '';
}

/** Where something with a name stands. */
export function whereOf(spot: Spot, { source }: Findings): Where {
  const named = child(spot, 'identifier') ?? child(spot, 'name') ?? spot;
  const { file, line, column } = rangeOf(source, ownerSpan(named));
  return { file, line, column };
}
