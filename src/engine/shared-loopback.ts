import { fill } from '../expression/fill.ts';
import { portsOf, servicesOf } from '../plan/order.ts';

import type { SharedLoopback } from '../executor/executor.ts';
import type { Variables } from '../expression/fill.ts';
import type { Service, Stage, Text } from '../plan/plan.ts';

/**
 * What has to be known of a stage's containers that share one network. A name that hangs on what the
 * run does not know yet leads nowhere.
 */
export function sharedLoopback({ root }: Stage, variables: Variables): SharedLoopback {
  const services = servicesOf(root).filter(({ command }) => command.image);
  return {
    names: [...new Set(services.flatMap((service) => namesOf(service, variables)))],
    ports: [...new Set(services.flatMap((service) => portsOf(service)))],
  };
}

function namesOf({ id, name, command }: Service, variables: Variables): readonly string[] {
  const { hostname, aliases = [] } = command.container ?? {};
  const written: readonly Text[] = [...aliases, ...(hostname ? [hostname] : [])];
  const filled = written
    .map((text) => fill(text, variables))
    .filter(({ missing }) => missing.length === 0);
  return [id, name, ...filled.map(({ value }) => value)];
}
