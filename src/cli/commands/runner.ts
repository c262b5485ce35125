import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text as readText } from 'node:stream/consumers';

import { checkOrder, checkWord } from '../../server/check.ts';
import { wipeOrder } from '../../server/order-file.ts';
import { order } from '../../server/order.ts';
import { complain } from '../complain.ts';
import { exitCode } from '../exit-code.ts';
import { check } from './check.ts';
import { exec } from './exec.ts';

import type { GivenVariable } from '../../engine/take-command.ts';
import type { Order } from '../../server/order.ts';
import type { World } from '../world.ts';

/**
 * Carries out one run as `exec` does, by an order on standard input. Secrets come with that: they
 * are on no command line and in no environment. Or only looks for mistakes in a file.
 */
export async function runner(run: string, world: World): Promise<number> {
  const told = await readText(world.stdin);
  const wanted = run === checkWord ? parse(checkOrder, told) : undefined;
  if (wanted) return check(wanted, world);
  const given = parse(order, told);
  if (given?.run !== run) {
    complain(
      world,
      {},
      `\`${world.program} runner\` is for the server, which tells it what to run`,
    );
    return exitCode.usage;
  }
  const { workspace, stateDir, file, text, name, variables, secrets, executor, load } = given;
  const { plugins, pullPolicy } = given;
  const place = file ?? join(workspace, 'pipeline.yaml');
  return exec(
    [place],
    {
      ...{ workspace, stateDir, executor, runId: run },
      silent: true,
      told: toldOf(given),
      ...(load && { loaded: true, onBegin: () => wipeOrder(stateDir, run) }),
      ...(name !== undefined && { pipelineAlias: name }),
      ...(plugins && { plugin: plugins }),
      ...(pullPolicy && { pullPolicy }),
      env: Object.entries(variables).map(([key, value]) => `${key}=${value}`),
      secretsStdin: true,
    },
    {
      ...world,
      cwd: workspace,
      stdin: Readable.from([JSON.stringify(secrets)]),
      ...(file === undefined && { texts: new Map([[place, text ?? '']]) }),
    },
  );
}

const toldOf = ({ variables, secrets }: Order): readonly GivenVariable[] => [
  ...Object.entries(variables).map(([name, value]) => ({ name, value })),
  ...Object.entries(secrets).map(([name, value]) => ({ name, value, secret: true })),
];

function parse<T>(schema: { parse(told: unknown): T }, json: string): T | undefined {
  try {
    return schema.parse(JSON.parse(json));
  } catch {
    return undefined;
  }
}
