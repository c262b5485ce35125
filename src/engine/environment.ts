import { fillOrFallBack } from '../expression/fill.ts';
import { addressPrefix, portsOf } from '../plan/order.ts';

import type { Variables } from '../expression/fill.ts';
import type { Address } from '../executor/executor.ts';
import type { Command, Service, Variable } from '../plan/plan.ts';
import type { Facts } from './facts.ts';

export interface TaskEnvironment {
  readonly values: Readonly<Record<string, string>>;
  /** Variables that are named, and that nobody gave. They are empty. */
  readonly missing: readonly string[];
}

/**
 * What a task gets: the variables its file names, and where the services before it are found:
 * `CONTINUO_<SERVICE>_HOST`, `_PORT` (its first port) and `_PORT_<n>` for each port `n` of its own.
 * Besides them it is told its facts, which only a value of its own stands before.
 */
export function taskEnvironment(
  command: Command,
  variables: Variables,
  services: readonly Service[],
  addressOf: (service: Service, port: number) => Address | undefined,
  facts: Facts,
): TaskEnvironment {
  const values: Record<string, string> = { ...facts.values };
  const missing: string[] = [];
  for (const service of services) Object.assign(values, addressVariables(service, addressOf));
  for (const variable of command.environment) {
    if (isFact(variable, facts)) continue;
    const filled = fillOrFallBack(variable, variables);
    values[variable.name] = filled.value;
    missing.push(...filled.missing);
  }
  return { values, missing };
}

/** Its name alone in a file asks for it, as it does for any variable. */
function isFact({ name, value: [part, ...more] }: Variable, { values, place }: Facts): boolean {
  const isBare = typeof part === 'object' && 'variable' in part && part.variable === name;
  return isBare && more.length === 0 && (Object.hasOwn(values, name) || Object.hasOwn(place, name));
}

function addressVariables(
  service: Service,
  addressOf: (service: Service, port: number) => Address | undefined,
): Record<string, string> {
  const prefix = addressPrefix(service.name);
  const values: Record<string, string> = {};
  for (const own of portsOf(service)) {
    const address = addressOf(service, own);
    if (!address) continue;
    const { host, port } = address;
    values[`${prefix}_HOST`] ??= host;
    values[`${prefix}_PORT`] ??= String(port);
    values[`${prefix}_PORT_${own}`] = String(port);
  }
  return values;
}
