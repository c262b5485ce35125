import { fail, ok } from '../base/result.ts';
import { fill } from '../expression/fill.ts';
import { portsOf } from '../plan/order.ts';
import { brokenText } from './command-texts.ts';
import { taskEnvironment } from './environment.ts';
import { factsFor, variablesOfTask } from './facts.ts';
import { toCommandSpec } from './script.ts';
import { servicesInSight } from './services-in-sight.ts';
import { toTaskWish } from './task-wish.ts';

import type { Result } from '../base/result.ts';
import type { Address, LaunchFailure, Sandbox, TaskSpec } from '../executor/executor.ts';
import type { Variables } from '../expression/fill.ts';
import type { Command, RunStep, Service } from '../plan/plan.ts';
import type { StageContext } from './run-context.ts';

/** What an executor is asked to launch. */
export interface Asked {
  readonly spec: TaskSpec;
  /** Variables that the run does not have. */
  readonly missing: readonly string[];
}

/** What a step or service is to an executor, at its place in the stage. */
export function toTaskSpec(
  node: RunStep | Service,
  sandbox: Sandbox,
  context: StageContext,
): Result<Asked, LaunchFailure> {
  const { command } = node;
  const broken = brokenText(command, context.variables);
  if (broken !== undefined) return fail({ kind: 'refused', detail: broken });
  const wish = toTaskWish(command, context);
  if (!wish.ok) return fail({ kind: 'refused', detail: wish.failure });
  const services = servicesInSight(node, context);
  const outputs = node.kind === 'run' ? node.outputs : undefined;
  const facts = factsFor(node, context);
  const variables = variablesOfTask(facts, context.variables);
  const { values, missing } = taskEnvironment(
    command,
    variables,
    services,
    (service, port) => addressFor(sandbox, service, port, context),
    facts,
  );
  const { container } = wish.value;
  const hostPorts = services
    .filter((service) => context.openedFor(service.command) !== sandbox)
    .flatMap((service) => portsOf(service));
  const ownPorts = node.kind === 'service' ? portsOf(node) : [];
  const spec = {
    ...wish.value,
    name: node.id,
    run: toCommandSpec(
      command.run,
      context.timeMark,
      // A script finds in its environment what its place is.
      command.run.kind === 'script' ? context.variables : variables,
      outputs,
    ),
    environment: values,
    ...(Object.keys(facts.place).length > 0 && { facts: facts.place }),
    ...(container && {
      container: {
        ...container,
        aliases: [...new Set([node.name, ...(container.aliases ?? [])])],
        // Its id would do, and is nothing that a person has written.
        ...(node.kind === 'service' &&
          node.name !== node.id && { hostname: container.hostname ?? node.name }),
        ...(ownPorts.length > 0 && { ownPorts }),
        ...(hostPorts.length > 0 && { hostPorts }),
      },
    }),
    ...(command.workingDir !== undefined && { workingDir: command.workingDir }),
  };
  return ok({ spec, missing: [...missing, ...missingOf(command.run, variables)] });
}

/** The variables that the words of a command name and that the run does not have. */
function missingOf(run: Command['run'], variables: Variables): readonly string[] {
  const words = run.kind === 'argv' ? run.argv : run.kind === 'image' ? (run.arguments ?? []) : [];
  return words.flatMap((word) => fill(word, variables).missing);
}

/** Where tasks of the sandbox reach a service, which may be a task of another executor's. */
function addressFor(
  sandbox: Sandbox,
  service: Service,
  port: number,
  context: StageContext,
): Address | undefined {
  const its = context.openedFor(service.command);
  if (its === sandbox) return sandbox.addressOf(service.name, port);
  const outside = its?.addressFromHost(service.id, port);
  return outside && sandbox.addressOfHost(outside);
}
