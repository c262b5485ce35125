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
import { withVoice, writtenVoice } from '../../chain-voice.ts';
import { beginChain } from '../../remote/begin-chain.ts';
import { readSettings } from '../../settings.ts';
import { openLog } from '../../terminal/log-files.ts';
import { logged } from '../../world.ts';

import type { LinkEnd } from '../../chain.ts';
import type { Logging } from '../../show.ts';
import type { World } from '../../world.ts';
import type { Asking } from './ask-server.ts';
import type { Loaded, LoadFlags } from './load.ts';
import type { WaitingFlags } from './resume.ts';

export interface RemoteExecFlags extends LoadFlags, WaitingFlags {}

/** `cix exec --remote`: has a server run a chain, and by default shows it and waits for its end. */
export async function execRemotely(flags: RemoteExecFlags, here: World): Promise<number> {
  const settings = await readSettings([], flags, here);
  if (!settings.ok) return settings.failure;
  const { logging } = settings.value;
  const isWaitedFor = flags.nonBlocking !== true;
  const world = isWaitedFor ? logged(here, openLog(logging, here)) : here;
  const asking = askServer(flags, world);
  if (!asking.ok) return asking.failure;
  const { server, complain } = asking.value;
  const chain = await loadChain(settings.value, flags, asking.value, world);
  if (!chain.ok) return chain.failure;
  const ids = chain.value.map(({ id }) => id);
  const begun = await beginChain(server, ids[0] ?? '', world);
  if (!begun.ok) {
    const code = complain(begun.failure);
    await takeChainBack(ids, asking.value, flags, world);
    return code;
  }
  if (isWaitedFor) return followChain(chain.value, logging, flags, asking.value, world);
  if (logging.mode !== 'console') warn(world, flags, noLogFiles);
  const log = consoleLog(flags, world);
  for (const { link, id } of chain.value) log('info', `Pipeline ${id} executes ${link.file}.`);
  return exitCode.ok;
}

/** Follows one after the other up to the first that does not succeed, and the teardown. */
async function followChain(
  chain: readonly Loaded[],
  logging: Logging,
  flags: RemoteExecFlags,
  asking: Asking,
  world: World,
): Promise<number> {
  const since = performance.now();
  const say = (text: string): void => {
    if (chain.length > 1) world.stdout.write(text);
  };
  const shown = cixVoice(flags, world);
  const voice = world.log && chain.length > 1 ? withVoice(shown, writtenVoice(world.log)) : shown;
  const ends: LinkEnd[] = [];
  let failure: number = exitCode.ok;
  for (const [index, { link, id }] of chain.entries()) {
    if (failure !== exitCode.ok && link.role !== 'teardown') {
      ends.push({ link, outcome: 'skipped' });
      say(voice.skipped(link, index, chain.length));
      continue;
    }
    say(voice.next(link, index, chain.length));
    const following = { past: [], shows: flags.remoteLogs !== false, untilOver: true };
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
