import { fail, ok } from '../base/result.ts';
import { isLate } from '../engine/command-texts.ts';
import { toTaskWish } from '../engine/task-wish.ts';
import { HostExecutor } from '../executor/host/host-executor.ts';
import { fill } from '../expression/fill.ts';
import { nameOf } from '../expression/mistakes.ts';
import { isTask, nodesOfPlan } from '../plan/order.ts';
import { wishWorldOf } from './wish-mistakes.ts';

import type { Result } from '../base/result.ts';
import type { Diagnostic } from '../dialect/common/diagnostic.ts';
import type { Connection } from '../executor/docker/connect.ts';
import type { WishWorld } from '../engine/task-wish.ts';
import type { Executor, TaskWish } from '../executor/executor.ts';
import type { Variables } from '../expression/fill.ts';
import type { Command, Plan } from '../plan/plan.ts';

/** Where steps run: each where its image says, or all in one place. */
export type ExecutorChoice = 'auto' | 'host' | 'docker';

/** The executors of some plans. */
export interface Executors {
  executorFor(command: Command): Executor;
  /** The container engine, if one is used. */
  readonly engine?: Connection;
}

export interface ExecutorsWorld {
  readonly choice: ExecutorChoice;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly leasesDir: string;
  /** Containers of a failed run are to stay. */
  readonly keep: boolean;
}

/** Whether a container engine is needed to run such plans. */
export const needsEngine = (plans: readonly Plan[], choice: ExecutorChoice): boolean =>
  choice === 'docker' ||
  (choice === 'auto' &&
    plans.flatMap(nodesOfPlan).some((node) => isTask(node) && node.command.image !== undefined));

/**
 * Makes the executors that the plans need, and asks whether they are there: the engine is neither
 * loaded nor asked for plans without an image. The failure is a sentence.
 */
export async function openExecutors(
  plans: readonly Plan[],
  { choice, env, leasesDir, keep }: ExecutorsWorld,
): Promise<Result<Executors, string>> {
  const host = new HostExecutor({ environment: env, leasesDir });
  if (!needsEngine(plans, choice)) return ok({ executorFor: () => host });
  const [{ connect }, { DockerExecutor }] = await Promise.all([
    import('../executor/docker/connect.ts'),
    import('../executor/docker/docker-executor.ts'),
  ]);
  const connection = await connect(env);
  if (!connection.ok)
    return fail(
      `${connection.failure}\nstart the engine, or say where it is by DOCKER_HOST; steps with an image need it`,
    );
  const engine = connection.value;
  const docker = new DockerExecutor({ connection: engine, environment: env, leasesDir, keep });
  return ok({
    engine,
    executorFor: ({ image }) => (choice === 'docker' || image !== undefined ? docker : host),
  });
}

/**
 * Why the place that a plan begins in is not there, if it is not: a sentence. Stages after the first may be for
 * the making of one.
 */
export async function missingPlace(
  { stages, ...plan }: Plan,
  { engine }: Executors,
  { choice, env }: Pick<ExecutorsWorld, 'choice' | 'env'>,
): Promise<string | undefined> {
  const network = env['DOCKER_NETWORK'] ?? '';
  const begin = { ...plan, stages: stages.slice(0, 1) };
  if (!engine || network === '' || !needsEngine([begin], choice)) return undefined;
  const { useNetwork } = await import('../executor/docker/network.ts');
  const used = await useNetwork(engine.docker, network);
  return used.ok ? undefined : used.failure;
}

/** What the executors cannot do of a plan, each with its place in the file. */
export function refusals(
  plan: Plan,
  { executorFor }: Pick<Executors, 'executorFor'>,
  given: Variables,
): Diagnostic[] {
  const world = wishWorldOf(plan, given);
  return nodesOfPlan(plan)
    .filter(isTask)
    .filter(({ command }) => !isLate(command, world.variables))
    .flatMap((node) => {
      const { where, command } = node;
      const refusal = executorFor(command).refusal(wishByNow(command, world));
      if (refusal === undefined) return [];
      const message = `${nameOf(node)} ${refusal}`;
      const range = { ...where, endLine: where.line, endColumn: where.column + 1 };
      return [{ severity: 'error' as const, message, where: range }];
    });
}

/** What is wrong with a wish is told elsewhere; whether it has an image at all is known in any case. */
function wishByNow(command: Command, world: WishWorld): TaskWish {
  const wish = toTaskWish(command, world);
  if (wish.ok) return wish.value;
  return command.image ? { image: fill(command.image, world.variables).value } : {};
}
