import { parsePort } from './container-text.ts';

import type { Group, Node, Plan, ProbeTarget, Service, Stage, TaskNode } from './plan.ts';

/** Every node below a group, in the order of the file. */
export function* nodesOf(group: Group): Generator<Node> {
  for (const member of group.members) {
    yield member;
    if (member.kind === 'group') yield* nodesOf(member);
  }
}

/** Every node of a plan, stage by stage, in the order of the file; not the roots. */
export const nodesOfPlan = ({ stages }: Plan): readonly Node[] =>
  stages.flatMap(({ root }) => [...nodesOf(root)]);

/** The parallel group furthest out that a node stands in, if there is one. */
export const parallelAround = (id: string, plan: Plan): Group | undefined =>
  nodesOfPlan(plan)
    .filter((node) => node.kind === 'group')
    .filter(runsBeside)
    .find((group) => [...nodesOf(group)].some((node) => node.id === id));

/** Whether members of a group run beside each other. */
export const runsBeside = ({ order, atOnce, members }: Group): boolean =>
  order === 'parallel' && atOnce !== 1 && members.length > 1;

/** Whether a node is one that launches a command. */
export const isTask = (node: Node): node is TaskNode =>
  node.kind === 'run' || node.kind === 'service';

/** Every service below a group, in the order of the file. */
export function servicesOf(group: Group): Service[] {
  return [...nodesOf(group)].filter((node) => node.kind === 'service');
}

/**
 * For every step and service of a stage, the services that stand before it and still live there.
 * What stands in another branch of the same parallel group is not before; what a closed group
 * took with it (`scope: group`) is not there any more.
 */
export function servicesBefore(stage: Stage): Map<string, readonly Service[]> {
  const before = new Map<string, readonly Service[]>();
  walk(stage.root, [], before);
  return before;
}

/** Answers the services that live after the group, those before it included. */
function walk(
  group: Group,
  alive: readonly Service[],
  before: Map<string, readonly Service[]>,
): readonly Service[] {
  let after = alive;
  for (const member of group.members) {
    const here = group.order === 'serial' ? after : alive;
    before.set(member.id, here);
    if (member.kind === 'service') after = [...after, member];
    if (member.kind === 'group') {
      after = [...after, ...walk(member, here, before).slice(here.length)];
    }
  }
  const closing = new Set<Node>(group.members);
  return after.filter((service) => service.scope === 'stage' || !closing.has(service));
}

/** What the names of the variables begin with that tell steps where a service is found. */
export const addressPrefix = (service: string): string =>
  `CONTINUO_${service.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;

/** The ports of its own that a service is asked at, in the order of its probes, then those it publishes. */
export function portsOf({ ready, command }: Pick<Service, 'ready' | 'command'>): readonly number[] {
  const asked = ready.map(localPort).filter((port) => port !== undefined);
  const published = (command.container?.ports ?? []).flatMap((text) => {
    const [word, ...more] = text;
    const port = typeof word === 'string' && more.length === 0 ? parsePort(word) : undefined;
    return port?.ok === true ? [port.value.own] : [];
  });
  return [...new Set([...asked, ...published])];
}

/** The port a probe asks at, when it asks the service itself and not some other host. */
export function localPort(probe: ProbeTarget): number | undefined {
  switch (probe.kind) {
    case 'tcp':
      return isLocal(probe.host) ? probe.port : undefined;
    case 'http': {
      const { hostname, port, protocol } = new URL(probe.url);
      if (!isLocal(hostname)) return undefined;
      return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
    }
    default:
      return undefined;
  }
}

/** Every name and address that leads to the machine that asks, the unspecified ones included. */
const isLocal = (host: string): boolean =>
  /^(.+\.)?localhost\.?$|^127(\.\d+){3}$|^0\.0\.0\.0$|^::1?$|^::ffff:(7f..:.+|0:0)$/.test(
    host.replace(/^\[|\]$/g, ''),
  );
