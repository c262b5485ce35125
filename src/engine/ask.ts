import { unreachable } from '../base/unreachable.ts';
import { localPort } from '../plan/order.ts';
import { whole } from './dial.ts';
import { toCommandSpec } from './script.ts';

import type { ServiceEnd } from '../event/outcome.ts';
import type { Exit, Task } from '../executor/executor.ts';
import type { Probe } from '../plan/plan.ts';
import type { Answer } from './dial.ts';
import type { ReadinessWorld } from './readiness.ts';

/** A probe that is a question; a `log` probe only listens. */
export type AskedProbe = Exclude<Probe, { kind: 'log' }>;

/** Somebody else has the port of the service. */
export type PortTaken = Extract<ServiceEnd, { kind: 'port-taken' }>;

/** Asks once. Settles when `signal` aborts; never rejects. */
export async function ask(
  probe: AskedProbe,
  world: ReadinessWorld,
  signal: AbortSignal,
): Promise<Answer | PortTaken> {
  if (probe.kind === 'exec') return askCommand(probe, world, signal);
  const { task, dial } = world;
  const own = localPort(probe);
  if (own !== undefined) {
    const refusal = await askListener(own, task);
    if (refusal) return refusal;
  }
  const address = own === undefined ? undefined : task.reach(own);
  return probe.kind === 'tcp'
    ? dial.tcp(address ?? probe, signal)
    : dial.http(probe, address, signal);
}

/**
 * Why it is no use to dial the service's own port: nobody listens there, or a stranger does. To dial
 * all the same would not only ask the wrong one: a connection to a port of this machine that nobody
 * listens on may be given that very port to start from, talk to itself, and keep the service from it.
 */
async function askListener(port: number, task: Task): Promise<Answer | PortTaken | undefined> {
  const listening = await task.listens(port);
  switch (listening.by) {
    case 'task':
    case 'unknown':
      return undefined;
    case 'nobody':
      return { passed: false, text: 'connection refused' };
    case 'stranger':
      return { kind: 'port-taken', port, by: listening.stranger };
    default:
      return unreachable(listening);
  }
}

async function askCommand(
  { run }: Extract<Probe, { kind: 'exec' }>,
  { task, environment }: ReadinessWorld,
  signal: AbortSignal,
): Promise<Answer> {
  const ended = await task.exec({ run: toCommandSpec(run, ''), environment }, signal);
  if (!ended.ok) {
    const { failure } = ended;
    return { passed: false, text: 'detail' in failure ? failure.detail : describeLaunch(failure) };
  }
  const { exit, output } = ended.value;
  const said = output.trim().split('\n').at(-1) ?? '';
  return {
    passed: exit.kind === 'code' && exit.code === 0,
    text: said === '' ? describeEnd(exit) : `${describeEnd(exit)}: ${whole(said)}`,
  };
}

const describeLaunch = (failure: { kind: string; command?: string; directory?: string }): string =>
  failure.command !== undefined
    ? `command not found: ${failure.command}`
    : (failure.directory ?? failure.kind);

const describeEnd = (exit: Exit): string =>
  exit.kind === 'code'
    ? `exit code ${exit.code}`
    : exit.kind === 'signal'
      ? `signal ${exit.signal}`
      : exit.kind;
