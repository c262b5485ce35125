import { warn } from '../../complain.ts';
import { RunFollower } from '../../remote/follow-run.ts';
import { sinceItsBegin } from '../../remote/since-its-begin.ts';
import { openLogFiles } from '../../terminal/log-files.ts';

import type { Logging } from '../../show.ts';
import type { World } from '../../world.ts';
import type { CommonFlags } from '../options.ts';
import type { Asking } from './ask-server.ts';

/** Log files of a run of a server, while they are written. Disposing waits until all is written. */
export interface Writing extends AsyncDisposable {
  /** Writes no more: nobody waits for the run. */
  leave(): void;
}

/** Writes the log files that are wanted of a run, from what its server tells. What is wrong is a warning. */
export function writeLogFiles(
  run: string,
  logging: Logging,
  { server }: Asking,
  flags: CommonFlags,
  world: World,
): Writing {
  const life = new AbortController();
  const opened = openLogFiles(logging, world);
  if (!opened.ok) warn(world, flags, opened.failure);
  const all = () => sinceItsBegin(new RunFollower(server, run).records(life.signal));
  const written = (opened.ok ? opened.value : []).map(async (file) => {
    try {
      await file.run(all(), all);
    } catch (error) {
      warn(world, flags, `cannot write the log files any more: ${(error as Error).message}`);
    }
  });
  return {
    leave: () => life.abort(),
    async [Symbol.asyncDispose]() {
      await Promise.all(written);
    },
  };
}
