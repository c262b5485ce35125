import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { text as readText } from 'node:stream/consumers';

import { wipeOrder } from '../../journal/order-file.ts';
import { checkOrder, checkWord } from '../../server/check.ts';
import { order } from '../../server/order.ts';
import { complain } from '../complain.ts';
import { exitCode } from '../exit-code.ts';
import { check } from './check.ts';
import { exec } from './exec.ts';

import type { GivenVariable } from '../../engine/take-command.ts';
import type { Order } from '../../server/order.ts';
import type { World } from '../world.ts';
import type { ExecFlags } from './exec.ts';

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
  const { workspace, readsBelow, stateDir, file, text, secrets, load, texts = {} } = given;
  // As whoever sent a text would call it: there is no such file.
  const place = file ?? 'pipeline.yaml';
  const read = Object.entries(texts).map(([at, each]) => [resolve(workspace, at), each] as const);
  return exec(
    [place],
    {
      ...wishesOf(given),
      ...{ workspace, stateDir, runId: run },
      ...{ silent: true, ordered: true },
      // A server keeps all logs; whoever wants files of them writes them from what it tells.
      logging: 'console',
      toldVariables: toldOf(given),
      ...(load && { loaded: true, onBegin: () => wipeOrder(stateDir, run) }),
      secretsStdin: true,
    },
    {
      ...world,
      cwd: workspace,
      ...(readsBelow !== undefined && { readsBelow }),
      stdin: Readable.from([JSON.stringify(secrets)]),
      texts: new Map([
        ...read,
        ...(file === undefined ? [[join(workspace, place), text ?? ''] as const] : []),
      ]),
    },
  );
}

/** What is wished for, as the command line has it. */
function wishesOf(given: Order): ExecFlags {
  const { executor, pullPolicy, name, variables, plugins, approve, reject, break: breaks } = given;
  const { pauseOnFailure, keep, part, others, input, inputFiles, templates, connectors } = given;
  const { strict, skipUnsupported, served } = given;
  return {
    executor,
    env: assignments(variables),
    ...(pullPolicy && { pullPolicy }),
    ...(name !== undefined && { pipelineAlias: name }),
    ...(plugins && { plugin: plugins }),
    ...(approve && { approve }),
    ...(reject && { reject }),
    ...(breaks && { break: breaks }),
    ...(pauseOnFailure === true && { pauseOnFailure }),
    ...(keep === true && { keep }),
    ...(part === true && { part }),
    ...(others && { others }),
    ...(input && { input: assignments(input) }),
    ...(inputFiles && { inputs: inputFiles }),
    ...(templates !== undefined && { templates }),
    ...(connectors !== undefined && { connectors }),
    ...(served && { served }),
    ...(strict === true && { strict }),
    ...(skipUnsupported === true && { skipUnsupported }),
  };
}

const assignments = (values: Readonly<Record<string, string>>): string[] =>
  Object.entries(values).map(([name, value]) => `${name}=${value}`);

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
