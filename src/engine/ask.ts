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

/** Asks once. Settles when `signal` aborts; never rejects. */
export function ask(
  probe: AskedProbe,
  world: ReadinessWorld,
  signal: AbortSignal,
): Promise<Answer> {
  const { task, dial } = world;
  switch (probe.kind) {
    case 'tcp': {
      const own = localPort(probe);
      return dial.tcp(own === undefined ? probe : task.reach(own), signal);
    }
    case 'http': {
      const own = localPort(probe);
      return dial.http(probe, own === undefined ? undefined : task.reach(own), signal);
    }
    case 'exec':
      return askCommand(probe, world, signal);
    default:
      return unreachable(probe);
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

/** An answer on the service's port counts only if it is the service that gave it. */
export async function verify(
  probe: Probe,
  task: Task,
  answer: Answer,
): Promise<Answer | Extract<ServiceEnd, { kind: 'port-taken' }>> {
  const port = localPort(probe);
  if (port === undefined) return answer;
  const listening = await task.listens(port);
  switch (listening.by) {
    case 'task':
    case 'unknown':
      return answer;
    case 'nobody':
      return { passed: false, text: `${answer.text}, then nobody listened` };
    case 'stranger':
      return { kind: 'port-taken', port, by: listening.stranger };
    default:
      return unreachable(listening);
  }
}
