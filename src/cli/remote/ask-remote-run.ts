import { doneWords } from '../commands/done-words.ts';
import { complain } from '../complain.ts';
import { exitCode } from '../exit-code.ts';
import { nameOf } from '../world.ts';
import { codeOfFailure, describeFailure } from './describe-failure.ts';
import { RemoteServer } from './remote-server.ts';
import { findServer } from './server-place.ts';

import type { RunCommand } from '../../event/run-command.ts';
import type { AskRunFlags } from '../commands/ask-run.ts';
import type { Unsigned } from '../commands/done-words.ts';
import type { World } from '../world.ts';

/** Asks a run of a server for something, and says what came of it. */
export async function askRemoteRun(
  command: Unsigned<RunCommand>,
  wanted: string,
  flags: AskRunFlags,
  world: World,
): Promise<number> {
  const place = findServer(flags, world);
  if (!place.ok) {
    complain(world, flags, place.failure);
    return exitCode.server;
  }
  const path = `/api/v1/runs/${encodeURIComponent(wanted)}/commands`;
  const done = await new RemoteServer(place.value).post(path, { ...command, by: nameOf(world) });
  if (!done.ok) {
    complain(world, flags, describeFailure(done.failure));
    return codeOfFailure(done.failure);
  }
  world.stdout.write(`run ${(done.value as { id: string }).id} ${doneWords(command)}\n`);
  return exitCode.ok;
}
