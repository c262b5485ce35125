import { fail, ok } from '../base/result.ts';
import { portsOf } from '../plan/order.ts';
import { tellNulls } from './command-texts.ts';
import { warnOfNamesakes } from './namesakes.ts';
import { servicesInSight } from './services-in-sight.ts';
import { toTaskSpec } from './task-spec.ts';

import type { Result } from '../base/result.ts';
import type { ServiceAddress } from '../event/event.ts';
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
  const asked = toTaskSpec(node, sandbox, context);
  if (!asked.ok) return asked;
  const { spec, missing } = asked.value;
  tellMissing(node, missing, context);
  tellNulls(node, context);
  const launched = await sandbox.launch(spec, signal);
  if (!launched.ok) {
    const { failure } = launched;
    return failure.kind === 'environment' ? blame(failure, node, context, signal) : launched;
  }
  return ok({ task: launched.value, sandbox, environment: spec.environment });
}

/** Fails the run by what is missing where it happens. What is not wanted any more lacks nothing. */
function blame(
  failure: Extract<LaunchFailure, { kind: 'environment' }>,
  { id }: RunStep | Service,
  context: StageContext,
  signal: AbortSignal,
): Result<never, LaunchFailure> {
  if (signal.aborted) return fail({ kind: 'abandoned' });
  context.fail({ ...failure, task: id });
  return fail(failure);
}

/** Tells once of each variable that a node names and that nobody gave. */
export function tellMissing(
  { id }: { readonly id: string },
  missing: readonly string[],
  { recorder, toldMissing }: StageContext,
): void {
  for (const name of missing) {
    const told = `${id} ${name}`;
    if (toldMissing.has(told)) continue;
    toldMissing.add(told);
    const text = `variable ${name} has no value and no default, so it is empty`;
    recorder.event({ type: 'warning', about: id, text });
  }
}

/**
 * Lets the executor begin with a step whose turn is near and about which all is known by now.
 * Returns at once.
 */
export function prepareLaunch(step: RunStep, context: StageContext, signal: AbortSignal): void {
  // Where the services are found that it uses is known once their sandboxes are open, too.
  const services = servicesInSight(step, context);
  const opening = [step, ...services].map(({ command }) => context.sandboxFor(command));
  void Promise.all(opening).then(([opened]) => {
    if (!opened?.ok || signal.aborted) return;
    const asked = toTaskSpec(step, opened.value, context);
    if (asked.ok) opened.value.prepare(asked.value.spec);
  });
}

/** Where a service that runs in this sandbox is found, from each kind of place that the stage has. */
export function serviceAddresses(
  service: Service,
  sandbox: Sandbox,
  context: StageContext,
): readonly ServiceAddress[] {
  const elsewhere = context.opened().filter((other) => other !== sandbox);
  return portsOf(service).flatMap((port) => {
    const own = sandbox.addressOf(service.name, port);
    const fromHost = sandbox.addressFromHost(service.id, port);
    if (service.command.image)
      return [
        { ...own, from: 'container' as const },
        ...(fromHost ? [{ ...fromHost, from: 'host' as const }] : []),
      ];
    if (elsewhere.length === 0) return [own];
    return [
      { ...own, from: 'host' as const },
      ...elsewhere.map((other) => ({ ...other.addressOfHost(own), from: 'container' as const })),
    ];
  });
}

/** The sandbox for a command. An executor that is not there fails the run: no author is to blame. */
export async function openSandbox(
  node: RunStep | Service,
  context: StageContext,
  signal: AbortSignal,
): Promise<Result<Sandbox, LaunchFailure>> {
  const opened = await context.sandboxFor(node.command);
  if (opened.ok) return opened;
  const { executor, detail } = opened.failure;
  const text = `the ${executor} executor cannot be used: ${detail}`;
  return blame({ kind: 'environment', detail: text }, node, context, signal);
}

/** Starts a service, unless somebody else listens on a port of its own. */
export async function launchService(
  spec: Service,
  context: StageContext,
  signal: AbortSignal,
): Promise<Result<Launched, ServiceEnd>> {
  const opened = await openSandbox(spec, context, signal);
  if (!opened.ok) return fail({ kind: 'start-error', failure: opened.failure });
  for (const port of portsOf(spec)) {
    const by = await opened.value.listenerOn(port);
    if (by) return fail({ kind: 'port-taken', port, by });
  }
  const launched = await launch(spec, opened.value, context, signal);
  if (!launched.ok) return fail(endOf(launched.failure));
  warnOfNamesakes(spec, opened.value, context);
  return launched;
}

function endOf(failure: LaunchFailure): ServiceEnd {
  switch (failure.kind) {
    case 'imageUnavailable':
      return { kind: 'image', failure };
    case 'portTaken':
      return { ...failure, kind: 'port-taken' };
    default:
      return { kind: 'start-error', failure };
  }
}
