import { fill } from '../expression/fill.ts';

import type { Sandbox } from '../executor/executor.ts';
import type { Variables } from '../expression/fill.ts';
import type { Service } from '../plan/plan.ts';
import type { StageContext } from './run-context.ts';

/**
 * Says of a service that has just started in a container by which names another one is found that runs
 * there: who asks for such a name reaches either. Capital letters make no difference to who asks.
 */
export function warnOfNamesakes(spec: Service, sandbox: Sandbox, context: StageContext): void {
  const { variables, services, recorder } = context;
  // Where all are found at one place, names do not lead astray.
  if (!spec.command.image || sandbox.addressOf(spec.id, 1).host === 'localhost') return;
  const own = namesOf(spec, variables);
  for (const other of services.values()) {
    const isThere = other.sandbox === sandbox && other.end === undefined;
    if (other.spec.id === spec.id || !isThere) continue;
    const shared = [...namesOf(other.spec, variables)].find(([name]) => own.has(name));
    if (!shared) continue;
    const text = `service '${other.spec.id}' is called '${shared[1]}' as well: who asks for that name reaches either`;
    recorder.event({ type: 'warning', about: spec.id, text });
  }
}

/** Its names as they are written, by what all forms of each have in common. */
function namesOf({ id, name, command }: Service, variables: Variables): Map<string, string> {
  const { hostname, aliases = [] } = command.container ?? {};
  const written = [...aliases, ...(hostname ? [hostname] : [])].map(
    (text) => fill(text, variables).value,
  );
  return new Map(
    [id, name, ...written].map((each) => [each.toLowerCase().replaceAll('_', '-'), each]),
  );
}
