import { unreachable } from '../base/unreachable.ts';
import { describeExit, describeLaunchFailure } from '../event/describe-end.ts';
import { localPort } from '../plan/order.ts';
import { whole } from './dial.ts';
import { toCommandSpec } from './script.ts';

import type { CommandEnd, CommandSpec, Task } from '../executor/executor.ts';
import type { ServiceEnd } from '../event/outcome.ts';
import type { Probe } from '../plan/plan.ts';
import type { ProbeAnswer } from './dial.ts';
import type { ReadinessWorld } from './readiness.ts';

/** A probe that is a question; a `log` probe only listens. */
export type AskedProbe = Exclude<Probe, { kind: 'log' }>;

/** Somebody else has the port of the service. */
export type PortTaken = Extract<ServiceEnd, { kind: 'port-taken' }>;

/**
 * Asks once. Settles when `signal` aborts; never rejects. An answer on the service's own port counts
 * only if it is the service that gave it, and with `isLikely` who listens is found out meanwhile.
 */
export async function probeOnce(
  probe: AskedProbe,
  world: ReadinessWorld,
  isLikely: boolean,
  signal: AbortSignal,
): Promise<ProbeAnswer | PortTaken> {
  if (probe.kind === 'exec')
    return askCommand(toCommandSpec(probe.run, '', noVariables), world, signal);
  if (probe.kind === 'health') {
    const { healthcheck } = world.task;
    return healthcheck
      ? askCommand(healthcheck, world, signal)
      : { passed: false, text: 'its image has no health check', isLast: true };
  }
  const { task, dial } = world;
  const own = localPort(probe);
  const address = own === undefined ? undefined : task.reach(own);
  const early = own !== undefined && isLikely ? task.listens(own) : undefined;
  const answer =
    probe.kind === 'tcp'
      ? await dial.tcp(address ?? probe, signal)
      : await dial.http(probe, address, signal);
  if (own === undefined) return answer;
  if (!answer.passed) return (await askInside(probe, own, answer, task)) ?? answer;
  const listening = await (early ?? task.listens(own));
  switch (listening.by) {
    case 'task':
    case 'unknown':
      return answer;
    case 'nobody':
      return { passed: false, text: `${answer.text}, then nobody listened` };
    case 'stranger':
      return { kind: 'port-taken', port: own, by: listening.stranger };
    default:
      return unreachable(listening);
  }
}

/**
 * What becomes of an answer that is none since the service listens where only containers get to. A
 * connection is what the kernel would give; what is answered over it can be asked there alone.
 */
async function askInside(
  { kind }: AskedProbe,
  port: number,
  { text }: ProbeAnswer,
  { listensInside }: Task,
): Promise<ProbeAnswer | undefined> {
  if (!listensInside || !(await listensInside(port))) return undefined;
  return kind === 'tcp'
    ? { passed: true, text: 'listening on its loopback' }
    : {
        passed: false,
        text: `${text}: it listens on its loopback alone, where only a probe by \`exec\` or \`tcp\` gets to`,
      };
}

async function askCommand(
  run: CommandSpec,
  { task, environment }: ReadinessWorld,
  signal: AbortSignal,
): Promise<ProbeAnswer> {
  const ended = await task.exec({ run, environment }, signal);
  if (!ended.ok) return { passed: false, text: describeLaunchFailure(ended.failure) };
  const { exit } = ended.value;
  const said = wholeLines(ended.value).trim().split('\n').at(-1) ?? '';
  return {
    passed: exit.kind === 'code' && exit.code === 0,
    text: said === '' ? describeExit(exit) : `${describeExit(exit)}: ${whole(said)}`,
  };
}

function wholeLines({ output, isCut = false }: CommandEnd): string {
  if (!isCut) return output;
  return output.split('\n').slice(1).join('\n');
}

/** Words of a probe are taken as they are written. */
const noVariables = new Map<string, string>();
