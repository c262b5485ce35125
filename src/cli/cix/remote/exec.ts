import { exitCode } from '../../exit-code.ts';
import { askServer } from './ask-server.ts';
import { cixVoice } from '../show.ts';
import { followPhase } from './follow-phase.ts';
import { loadChain, noLogFiles } from './load.ts';
import { consoleLog } from './log.ts';
import { takeChainBack } from './take-chain-back.ts';
import { writeLogFiles } from './write-log-files.ts';
import { warn } from '../../complain.ts';
import { outcomeOf } from '../../chain.ts';
import { beginChain } from '../../remote/begin-chain.ts';

import type { LinkEnd } from '../../chain.ts';
import type { World } from '../../world.ts';
import type { Asking } from './ask-server.ts';
import type { LoadedChain, LoadFlags } from './load.ts';
import type { WaitingFlags } from './resume.ts';

export interface RemoteExecFlags extends LoadFlags, WaitingFlags {}

/** `cix exec --remote`: has a server run a chain, and by default shows it and waits for its end. */
export async function execRemotely(flags: RemoteExecFlags, world: World): Promise<number> {
  const asking = askServer(flags, world);
  if (!asking.ok) return asking.failure;
  const { server, complain } = asking.value;
  const loaded = await loadChain(flags, asking.value, world);
  if (!loaded.ok) return loaded.failure;
  const { chain, logging } = loaded.value;
  const ids = chain.map(({ id }) => id);
  const begun = await beginChain(server, ids[0] ?? '', world);
  if (!begun.ok) {
    const code = complain(begun.failure);
    await takeChainBack(ids, asking.value, flags, world);
    return code;
  }
  if (flags.nonBlocking !== true) return followChain(loaded.value, flags, asking.value, world);
  if (logging.mode !== 'console') warn(world, flags, noLogFiles);
  const log = consoleLog(flags, world);
  for (const { link, id } of chain) log('info', `Pipeline ${id} executes ${link.file}.`);
  return exitCode.ok;
}

/** Follows one after the other up to the first that does not succeed, and the teardown. */
async function followChain(
  { chain, logging }: LoadedChain,
  flags: RemoteExecFlags,
  asking: Asking,
  world: World,
): Promise<number> {
  const since = performance.now();
  const say = (text: string): void => {
    if (chain.length > 1) world.stdout.write(text);
  };
  const voice = cixVoice(flags, world);
  const ends: LinkEnd[] = [];
  let failure: number = exitCode.ok;
  for (const [index, { link, id }] of chain.entries()) {
    if (failure !== exitCode.ok && link.role !== 'teardown') {
      ends.push({ link, outcome: 'skipped' });
      say(voice.skipped(link, index, chain.length));
      continue;
    }
    say(voice.next(link, index, chain.length));
    const following = { past: [], shows: flags.remoteLogs !== false };
    await using writing = writeLogFiles(id, logging, asking, flags, world);
    const code = await followPhase(id, following, asking, flags, world);
    if (code > 128 || code === exitCode.server) writing.leave();
    // Nobody waits any more.
    if (code > 128 || code === exitCode.server) return code;
    ends.push({ link, outcome: outcomeOf(code) });
    if (failure === exitCode.ok) failure = code;
  }
  say(voice.ended(ends, performance.now() - since, undefined));
  return failure;
}
