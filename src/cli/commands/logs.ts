import { readJournal } from '../../journal/journal-reader.ts';
import { exitCode } from '../exit-code.ts';
import { findRunOrComplain, ownerIsAlive } from '../find-run.ts';
import { stateDirOf } from '../world.ts';

import type { ColorFlags } from '../terminal/color.ts';
import type { World } from '../world.ts';

export interface LogsFlags extends ColorFlags {
  readonly follow?: boolean;
  readonly timestamps?: boolean;
  readonly stateDir?: string;
  readonly format?: 'text' | 'json';
}

/** Shows what the tasks of a run printed, all of them or one. */
export async function logs(
  wanted: string,
  step: string | undefined,
  flags: LogsFlags,
  world: World,
): Promise<number> {
  const stateDir = stateDirOf(flags.stateDir, world);
  const run = await findRunOrComplain(wanted, stateDir, flags, world);
  if (!run) return exitCode.invalid;
  const follow = flags.follow === true ? { isAlive: ownerIsAlive } : undefined;
  for await (const record of readJournal(run.path, { follow })) {
    if (record.type === 'output' && (step === undefined || record.task === step)) {
      world.stdout.write(record.bytes);
    }
  }
  return exitCode.ok;
}
