import { fail, ok } from '../base/result.ts';
import { portsOf } from '../plan/order.ts';
import { taskEnvironment } from './environment.ts';
import { toCommandSpec } from './script.ts';

import type { Result } from '../base/result.ts';
import type { ServiceEnd } from '../event/outcome.ts';
import type { LaunchFailure, Sandbox, Task } from '../executor/executor.ts';
import type { RunStep, Service } from '../plan/plan.ts';
import type { StageContext } from './run-context.ts';

/** A task that runs, and what surrounds it. */
export interface Launched {
  readonly task: Task;
  readonly sandbox: Sandbox;
  readonly environment: Readonly<Record<string, string>>;
}

/** Starts the command of a step or service with the environment of its place in the stage. */
export async function launch(
  node: RunStep | Service,
  sandbox: Sandbox,
  context: StageContext,
  signal: AbortSignal,
): Promise<Result<Launched, LaunchFailure>> {
  const { command } = node;
  const { values, missing } = taskEnvironment(
    command,
    context.variables,
    servicesInSight(node, context),
    (service, port) => sandbox.addressOf(service, port),
  );
  for (const name of missing) {
    const told = `${node.id} ${name}`;
    if (context.toldMissing.has(told)) continue;
    context.toldMissing.add(told);
    const text = `variable ${name} has no value and no default, so it is empty`;
    context.recorder.event({ type: 'warning', about: node.id, text });
  }
  const launched = await sandbox.launch(
    {
      name: node.id,
      run: toCommandSpec(command.run, context.timeMark),
      environment: values,
      ...(command.image !== undefined && { image: command.image }),
      ...(command.workingDir !== undefined && { workingDir: command.workingDir }),
      ...(command.user !== undefined && { user: command.user }),
    },
    signal,
  );
  if (!launched.ok) {
    const { failure } = launched;
    if (failure.kind === 'environment') context.fail(failure);
    return launched;
  }
  return ok({ task: launched.value, sandbox, environment: values });
}

/** The services a node may rely on: those that stand before it, and those it names. */
export function servicesInSight(
  { id, needs }: RunStep | Service,
  { before, services }: StageContext,
): readonly Service[] {
  const standing = before.get(id) ?? [];
  const named = needs.map((need) => services.get(need)?.spec).filter((spec) => spec !== undefined);
  return [...new Set([...standing, ...named])];
}

/** The sandbox for a command. An executor that is not there fails the run: no author is to blame. */
export async function openSandbox(
  { command }: RunStep | Service,
  context: StageContext,
): Promise<Result<Sandbox, LaunchFailure>> {
  const opened = await context.sandboxFor(command);
  if (opened.ok) return opened;
  const { executor, detail } = opened.failure;
  const failure = {
    kind: 'environment',
    detail: `the ${executor} executor cannot be used: ${detail}`,
  } as const;
  context.fail(failure);
  return fail(failure);
}

/** Starts a service, unless somebody else listens on a port of its own. */
export async function launchService(
  spec: Service,
  context: StageContext,
  signal: AbortSignal,
): Promise<Result<Launched, ServiceEnd>> {
  const opened = await openSandbox(spec, context);
  if (!opened.ok) return fail({ kind: 'start-error', failure: opened.failure });
  for (const port of portsOf(spec)) {
    const by = await opened.value.listenerOn(port);
    if (by) return fail({ kind: 'port-taken', port, by });
  }
  const launched = await launch(spec, opened.value, context, signal);
  if (launched.ok) return launched;
  const { failure } = launched;
  return fail({ kind: failure.kind === 'imageUnavailable' ? 'image' : 'start-error', failure });
}
