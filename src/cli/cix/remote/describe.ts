import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { complain as say } from '../../complain.ts';
import { exitCode } from '../../exit-code.ts';
import { askServer } from './ask-server.ts';
import { consoleLog } from './log.ts';
import { idOf } from './which.ts';

import type { World } from '../../world.ts';
import type { WhichFlags } from './which.ts';

export interface DescribeFlags extends WhichFlags {
  readonly file?: string;
  readonly stdout?: boolean;
  readonly stderr?: boolean;
}

/** `cix describe`: the steps of a pipeline, as JSON. With `--stdout`, nothing else is there. */
export async function describe(flags: DescribeFlags, world: World): Promise<number> {
  const asking = askServer(flags, world);
  if (!asking.ok) return asking.failure;
  const { server, complain } = asking.value;
  const id = await idOf(flags, server);
  if (!id.ok) return complain(id.failure);
  const sequence = await server.get(`/api/pipeline/${id.value}`);
  if (!sequence.ok) return complain(sequence.failure);
  const text = JSON.stringify(sequence.value, undefined, 2);
  const log = consoleLog(flags, world);
  if (flags.stdout === true) world.stdout.write(`${text}\n`);
  else if (flags.stderr === true) world.stderr.write(`${text}\n`);
  else if (flags.file === undefined) log('info', `Sequence: \n${text}`);
  else {
    log('info', `Writing description to '${flags.file}'`);
    try {
      writeFileSync(resolve(world.cwd, flags.file), `${text}\n`);
    } catch (error) {
      say(world, flags, `cannot write ${flags.file}: ${(error as Error).message}`);
      return exitCode.unavailable;
    }
  }
  return exitCode.ok;
}
