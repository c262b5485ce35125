import { brief } from '../common/brief.ts';
import { child, members, ownerSpan, textOf, valueSpan } from '../common/tree.ts';
import { knownTree } from './known.ts';
import { checkOpenShape } from './open-shape.ts';
import { identityOf } from './identify.ts';
import { aboutOf } from './place.ts';
import { bodiesIn } from './scope-steps.ts';
import { noneOf } from './scope-values.ts';
import { levels } from './schema.ts';
import { unusedAllowances } from './stage-keys.ts';
import { filledAt, filledText } from './texts.ts';
import { warnUseless } from './to-turn.ts';
import { wordOf } from './values.ts';

import type { SharedFolder } from '../../plan/plan.ts';
import type { Spot } from '../common/tree.ts';
import type { ContainerDefaults, Place } from './place.ts';

/** Where a stage is to run, as far as that changes what it means here. */
export interface Infrastructure {
  readonly isPod: boolean;
  readonly defaults: ContainerDefaults;
  readonly volumes: readonly string[];
  readonly folders: readonly SharedFolder[];
}

const plain: Infrastructure = { isPod: false, defaults: {}, volumes: [], folders: [] };

/**
 * Reads where a CI stage with these settings runs; `useFromStage` leads to another stage, whose expressions are about
 * that stage.
 */
export function readInfrastructure(
  spec: Spot,
  place: Place,
  seen: readonly string[] = [],
  written: Place = place,
): Infrastructure {
  const { findings } = place.reading;
  const infrastructure = child(spec, 'infrastructure');
  const platform = child(spec, 'platform');
  const os = wordOf(['MacOS', 'Windows'] as const, filledText(platform && child(platform, 'os')));
  if (os && platform)
    findings.warning(
      valueSpan(child(platform, 'os')!),
      `${aboutOf(place)}: it is meant for ${os}`,
      {
        hint: 'its steps without an image run on this machine, whatever it is',
      },
    );
  if (!infrastructure) {
    if (!child(spec, 'runtime') && spec.tree.kind === 'map')
      findings.error(ownerSpan(spec), `${aboutOf(place)}: it does not say where it runs`, {
        hint: 'add `runtime: {type: Cloud, spec: {}}` with `platform`, or `infrastructure`',
      });
    return plain;
  }
  if (child(spec, 'runtime'))
    findings.warning(
      ownerSpan(child(spec, 'runtime')!),
      `${aboutOf(place)}: \`runtime\` says nothing beside \`infrastructure\``,
    );
  const other = child(infrastructure, 'useFromStage');
  if (other) return ofStage(other, place, seen);
  const type = child(infrastructure, 'type');
  switch (wordOf(['VM', 'KubernetesDirect', 'UseFromStage'] as const, textOf(type))) {
    case 'KubernetesDirect':
      return pod(infrastructure, place, written);
    case 'UseFromStage':
      findings.error(ownerSpan(infrastructure), `${aboutOf(place)}: \`useFromStage\` is missing`, {
        hint: 'it names the stage whose infrastructure is used',
      });
      return plain;
    case 'VM':
      return plain;
    case undefined:
      if (!type && infrastructure.tree.kind === 'map')
        findings.error(
          ownerSpan(infrastructure),
          `${aboutOf(place)}: \`infrastructure\` needs a \`type\`, or \`useFromStage\``,
        );
      return plain;
  }
}

function ofStage(spot: Spot, place: Place, seen: readonly string[]): Infrastructure {
  const { findings, pipeline } = place.reading;
  const id = filledText(spot) ?? '';
  const stages = bodiesIn(child(pipeline, 'stages'));
  const stage = stages.get(id);
  if (!stage) {
    const found = noneOf('stage', id, [...stages.keys()]);
    if (found.kind === 'unknown')
      findings.error(valueSpan(spot), `${aboutOf(place)}: ${found.problem}`, { hint: found.hint });
    return plain;
  }
  if (seen.includes(id) || stage.body.tree === place.levels[0]?.body.tree) {
    findings.error(
      valueSpan(spot),
      `${aboutOf(place)}: \`${brief(id)}\` uses the infrastructure of this stage in turn`,
    );
    return plain;
  }
  const spec = child(stage.body, 'spec');
  if (!spec) return plain;
  const level = { ...stage, ...identityOf(stage.body), id };
  return readInfrastructure(spec, place, [...seen, id], { ...place, levels: [level] });
}

function pod(infrastructure: Spot, place: Place, written: Place): Infrastructure {
  const { findings, options } = place.reading;
  if (options.podsAsContainers !== true)
    findings.error(
      valueSpan(child(infrastructure, 'type')!),
      `${aboutOf(place)}: it runs on Kubernetes, which cannot be had here yet`,
      { hint: 'with `--executor docker` its pod is made of containers of a Docker engine' },
    );
  const whole = child(infrastructure, 'spec');
  if (!whole) return { ...plain, isPod: true };
  checkOpenShape(levels.podSpec(), whole, findings, aboutOf(place));
  const spec = knownTree(whole, written, unusedOfPod());
  warnOfUnused(spec, place);
  const folders: SharedFolder[] = [];
  const volumes: string[] = [];
  for (const volume of members(child(spec, 'volumes'))) {
    const target = filledAt(volume, 'mountPath') ?? '';
    const type = child(volume, 'type');
    const path = filledAt(child(volume, 'spec') ?? volume, 'path');
    const kind = wordOf(['EmptyDir', 'HostPath'] as const, textOf(type));
    if (!target.startsWith('/')) {
      if (target !== '')
        findings.error(
          valueSpan(child(volume, 'mountPath')!),
          `${aboutOf(place)}: \`${brief(target)}\` must be absolute`,
        );
    } else if (kind === 'EmptyDir')
      folders.push({ name: `volume-${folders.length + 1}`, target, onPath: false });
    else if (kind === 'HostPath' && path !== undefined) volumes.push(`${path}:${target}`);
    else if (type)
      findings.warning(
        valueSpan(type),
        `${aboutOf(place)}: a volume of type \`${brief(textOf(type) ?? '')}\` cannot be had here: \`${brief(target)}\` is not there`,
      );
  }
  return { isPod: true, defaults: defaultsOf(spec), volumes, folders };
}

/** What is used of a pod, or warned of. */
const usedOfPod: ReadonlySet<string> = new Set([
  ...['volumes', 'runAsUser', 'imagePullPolicy', 'containerSecurityContext'],
  ...['hostNames', 'podSpecOverlay'],
]);

/** Of the rest, it does not matter what it comes to. */
const unusedOfPod = (): ReadonlySet<string> =>
  new Set(Object.keys(levels.podSpec().shape).filter((key) => !usedOfPod.has(key)));

function defaultsOf(spec: Spot): ContainerDefaults {
  const context = child(spec, 'containerSecurityContext');
  const inContext = (key: string): string | undefined => context && filledAt(context, key);
  return {
    runAsUser: filledAt(spec, 'runAsUser') ?? inContext('runAsUser'),
    privileged: inContext('privileged'),
    imagePullPolicy: filledAt(spec, 'imagePullPolicy'),
  };
}

/** Warns of what would make another run of it on Kubernetes. */
function warnOfUnused(spec: Spot, place: Place): void {
  const context = child(spec, 'containerSecurityContext');
  const unused = [
    ...(['hostNames', 'podSpecOverlay'] as const).map((key) => [spec, key] as const),
    ...(context ? unusedAllowances.map((key) => [context, key] as const) : []),
  ];
  for (const [owner, key] of unused)
    if (!isPlain(child(owner, key))) warnUseless(owner, key, place, 'says nothing here');
}

/** It is what it would be without a word of it. */
const isPlain = (spot: Spot | undefined): boolean =>
  spot?.tree.kind === 'scalar' ? textOf(spot)?.toLowerCase() === 'false' : spot?.tree.size === 1;
