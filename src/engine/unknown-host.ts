import { fill } from '../expression/fill.ts';
import { portsOf } from '../plan/order.ts';
import { servicesInSight } from './services-in-sight.ts';

import type { RunStep } from '../plan/plan.ts';
import type { StageContext } from './run-context.ts';
import type { Service } from './service.ts';

/**
 * Why a step did not find a service by the name it asked for, as sentences: none where it said nothing of a
 * name, or where the name is nobody's in its stage.
 */
export function unknownHosts(
  step: RunStep,
  said: readonly string[],
  context: StageContext,
): readonly string[] {
  const asked = new Set(said.flatMap(hostsIn));
  return [...asked].flatMap((host) => {
    const called = [...context.services.values()].filter((service) =>
      namesOf(service, context).has(likened(host)),
    );
    const why = called.map((service) => whyNot(service, step, context));
    // Where one of that name should have been found, it was something else.
    const [first] = why;
    return first === undefined || why.includes(undefined)
      ? []
      : [`nobody is found as '${host}': ${first}`];
  });
}

/** What programs say who cannot find a name, each with the name. */
const complaints: readonly RegExp[] = [
  /bad address '?([\w.-]+)/,
  /can't resolve '([\w.-]+)'/,
  /could not resolve (?:host|hostname|proxy)?:? ?['"]?([\w.-]+)/i,
  /unable to resolve host address .([\w.-]+)/i,
  /getaddrinfo (?:ENOTFOUND|EAI_AGAIN) ([\w.-]+)/,
  /could not translate host name "([\w.-]+)"/,
  /unknown (?:mysql )?(?:server )?host:? ?['"]?([\w.-]+)/i,
  /UnknownHostException: ([\w.-]+)/,
  /lookup ([\w.-]+)(?: on [^ ]+)?: (?:no such host|server misbehaving)/,
  /could not connect to [\w ]+ at ([\w.-]+):\d+: (?:name or service not known|temporary failure)/i,
  /([\w.-]+): (?:name or service not known|temporary failure in name resolution|nodename nor servname)/i,
];

const hostsIn = (line: string): readonly string[] =>
  complaints
    .map((complaint) => complaint.exec(line)?.[1]?.replace(/[.:]+$/, ''))
    .filter((host) => host !== undefined && host !== '') as string[];

const likened = (name: string): string => name.toLowerCase().replaceAll('_', '-');

/** All that it may be called, and what is left of its name without the group before it. */
function namesOf({ spec }: Service, { variables }: StageContext): ReadonlySet<string> {
  const { hostname, aliases = [] } = spec.command.container ?? {};
  const written = [...aliases, ...(hostname ? [hostname] : [])].map(
    (text) => fill(text, variables).value,
  );
  return new Set([spec.id, spec.name, ...written].map(likened));
}

function whyNot(service: Service, step: RunStep, context: StageContext): string | undefined {
  const { spec, end } = service;
  const who = `service '${spec.name}'`;
  if (service.isSkipped) return `${who} was skipped`;
  if (end) return `${who} has ended`;
  if (!servicesInSight(step, context).includes(spec))
    return `${who} stands after the step, or beside it: it may not have been started`;
  const ports = portsOf(spec);
  const sandbox = context.openedFor(spec.command);
  if (!step.command.image && spec.command.image) {
    const found = ports
      .map((port) => sandbox?.addressFromHost(spec.id, port))
      .filter((address) => address !== undefined)
      .map(({ host, port }) => `${host}:${port}`);
    const where = found.length > 0 ? found.join(', ') : 'a port that it publishes';
    return `${who} runs in a container, whose name only containers know; this machine reaches it at ${where}`;
  }
  if (step.command.image && !spec.command.image) {
    const here = { host: 'localhost', port: ports[0] ?? 1 };
    const { host } = context.openedFor(step.command)?.addressOfHost(here) ?? here;
    return `${who} runs on this machine and not in a container; containers reach it at ${host}`;
  }
  return undefined;
}
