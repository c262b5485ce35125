import { parseCpus } from '../common/quantities.ts';
import { child, keysOf, members, textOf } from '../common/tree.ts';
import { parseMemory } from './memory.ts';
import { runtimeId } from './place.ts';
import { pullPolicies } from './spec-keys.ts';
import { filledAt } from './texts.ts';
import { wordOf } from './values.ts';

import type { Container, Text } from '../../plan/plan.ts';
import type { Spot } from '../common/tree.ts';
import type { ContainerDefaults, Place } from './place.ts';

const pullOf = { Always: 'always', IfNotPresent: 'missing', Never: 'never' } as const;

/** What surrounds a command in its container. */
export function toContainer(spec: Spot, place: Place): Container {
  const pull = wordOf(pullPolicies, settingAt(spec, 'imagePullPolicy', place));
  const limits = child(child(spec, 'resources') ?? spec, 'limits');
  const isPod = place.stage?.isPod === true;
  const memory = (limits && filledAt(limits, 'memory')) ?? (isPod ? '500Mi' : undefined);
  const cpus = (limits && filledAt(limits, 'cpu')) ?? (isPod ? '400m' : undefined);
  const aliases = aliasesOf(spec, place);
  const ports = portsOf(spec);
  const volumes = place.stage?.volumes ?? [];
  return {
    ...(aliases.length > 0 && { aliases: aliases.map((one): Text => [one]) }),
    ...(ports.length > 0 && { ports: ports.map((one): Text => [one]) }),
    ...(volumes.length > 0 && { volumes: volumes.map((one): Text => [one]) }),
    ...(settingAt(spec, 'privileged', place)?.toLowerCase() === 'true' && { privileged: true }),
    mountPoint: '/harness',
    ...(isService(place) && startsAlone(spec) && { startsInImage: true as const }),
    ...(pull && { pull: pullOf[pull] }),
    ...(memory !== undefined && { memoryBytes: parseMemory(memory) ?? 0 }),
    ...(cpus !== undefined && { cpus: parseCpus(cpus) ?? 0 }),
  };
}

/** As it says itself, or else its pod. */
export const settingAt = (
  spec: Spot,
  key: keyof ContainerDefaults,
  { stage }: Place,
): string | undefined => filledAt(spec, key) ?? stage?.defaults[key];

/** What it is found by besides its own name: what is no host name has `-` for `_`. */
function aliasesOf(spec: Spot, place: Place): readonly string[] {
  const own = runtimeId(place.levels);
  if (!isService(place)) return given(spec);
  const { id: bare = own, identifier = own } = place.levels.at(-1) ?? {};
  const isOnly = place.stage?.runtimeIds.get(identifier)?.length === 1 && !isCopied(place);
  const names = [own, ...(isOnly ? [bare] : [])];
  const all = [...names, ...names.map((name) => name.replaceAll('_', '-')), ...given(spec)];
  return [...new Set(all)].filter((name) => name !== own && !/^-|-$/.test(name));
}

/** Whether copies of a group around it have it, too. */
const isCopied = ({ levels }: Place): boolean =>
  levels.some(({ kind, loop }) => kind === 'group' && loop !== undefined && loop.iterations > 1);

/** Nobody looks for a step that runs to its end. */
const isService = ({ levels }: Place): boolean =>
  wordOf(['Background', 'Service'] as const, filledAt(levels.at(-1)!.body, 'type')) !== undefined;

/**
 * Whether it is the image that says what starts. Many a server takes the folder it is started in for its
 * own: that of Redis makes itself the owner of all that is there.
 */
const startsAlone = (spec: Spot): boolean =>
  [filledAt(spec, 'entrypoint'), filledAt(spec, 'command')].every((one) => one === undefined) &&
  members(child(spec, 'entrypoint')).length === 0;

function given(spec: Spot): readonly string[] {
  const spot = child(spec, 'networkAliases');
  const listed = members(spot).map(textOf);
  return [...listed, textOf(spot)].filter((name) => name !== undefined && name !== '') as string[];
}

/** `outside:own` of each port that it publishes. */
export function portsOf(spec: Spot): readonly string[] {
  const listed = members(child(spec, 'ports')).map((one) =>
    (textOf(one) ?? '').split(':').slice(-2).join(':'),
  );
  const bindings = child(spec, 'portBindings');
  if (listed.length > 0 || !bindings) return listed;
  return keysOf(bindings).map((outside) => `${outside}:${textOf(child(bindings, outside)) ?? ''}`);
}
