import { goesToStep, sayTaken } from '../commands/say-taken.ts';
import { complain } from '../complain.ts';
import { exitCode } from '../exit-code.ts';
import { nameOf } from '../world.ts';
import { codeOfFailure, describeFailure } from './describe-failure.ts';
import { RemoteServer } from './remote-server.ts';
import { findServer } from './server-place.ts';

import type { RunCommand } from '../../event/run-command.ts';
import type { RunView } from '../../event/view.ts';
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
  const server = new RemoteServer(place.value);
  const path = `/api/v1/runs/${encodeURIComponent(wanted)}`;
  const before = command.do === 'resume' ? await server.get(path) : undefined;
  const done = await server.post(`${path}/commands`, { ...command, by: nameOf(world) });
  if (!done.ok) {
    complain(world, flags, describeFailure(done.failure));
    return codeOfFailure(done.failure);
  }
  const { id } = done.value as { id: string };
  const was = before?.ok === true ? (before.value as Told) : undefined;
  const after = was && goesToStep(command) ? await server.get(`/api/v1/runs/${id}`) : undefined;
  const is = after?.ok === true ? (after.value as Told) : undefined;
  const warnings = is?.warnings.slice(was?.warnings.length);
  return sayTaken(command, { id, failure: failureInPause(was), warnings }, flags, world);
}

interface Told {
  readonly paused?: unknown;
  readonly warnings: RunView['warnings'];
  /** A server of an earlier version tells none. */
  readonly explanation?: { readonly sentence: string };
}

/** What a run will end with once it goes on. */
const failureInPause = (told: Told | undefined): string | undefined =>
  told?.paused === undefined ? undefined : told.explanation?.sentence;
