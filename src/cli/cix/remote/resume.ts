import { exitCode } from '../../exit-code.ts';
import { nameOf } from '../../world.ts';
import { cixVoice } from '../show.ts';
import { askServer } from './ask-server.ts';
import { followPhase, pastOf } from './follow-phase.ts';
import { consoleLog } from './log.ts';
import { idOf, isLatest, usingLatest } from './which.ts';

import type { ResumeTo } from '../../../event/run-command.ts';
import type { World } from '../../world.ts';
import type { Asking } from './ask-server.ts';
import type { WhichFlags } from './which.ts';

/** How a command waits for what it has asked for. */
export interface WaitingFlags {
  readonly nonBlocking?: boolean;
  readonly remoteLogs?: boolean;
}

export interface ResumeFlags extends WhichFlags, WaitingFlags {
  readonly to?: string;
  readonly next?: boolean;
}

/** `cix resume`: has a pipeline that is loaded or paused go on. */
export async function resume(flags: ResumeFlags, world: World): Promise<number> {
  const asking = askServer(flags, world);
  if (!asking.ok) return asking.failure;
  const { server, complain } = asking.value;
  const log = consoleLog(flags, world);
  if (isLatest(flags)) log('info', usingLatest);
  const id = await idOf(flags, server);
  if (!id.ok) return complain(id.failure);
  const run = id.value;
  const past = await pastOf(run, server);
  if (!past.ok) return complain(past.failure);
  log('info', wordsOf(flags));
  const goOn = (to: ResumeTo) => server.post(`/api/v1/runs/${run}/commands`, command(to, world));
  let done = await goOn(farOf(flags));
  if (!done.ok && done.failure.kind === 'refused' && done.failure.word === 'unknown-step') {
    // CIX documents it so.
    log('warn', `There is no step '${flags.to ?? ''}': running pipeline to completion.`);
    done = await goOn('all');
  }
  if (!done.ok) return complain(done.failure);
  if (flags.nonBlocking === true) return exitCode.ok;
  const shows = flags.remoteLogs !== false;
  const code = await followPhase(run, { past: past.value, shows }, asking.value, flags, world);
  const isWhole = flags.next !== true && flags.to === undefined;
  return isWhole && (code === exitCode.ok || code === exitCode.failed)
    ? followRest(run, code, asking.value, flags, world)
    : code;
}

/** What is linked to a pipeline begins by itself; it is waited for, too. */
async function followRest(
  run: string,
  before: number,
  asking: Asking,
  flags: ResumeFlags,
  world: World,
): Promise<number> {
  const told = await asking.server.get(`/api/pipeline/${run}/status`);
  if (!told.ok) return asking.complain(told.failure);
  const { status, next = [] } = told.value as Status;
  let failure = before;
  if (status === 'paused') return failure;
  const voice = cixVoice(flags, world);
  for (const [index, id] of next.entries()) {
    const named = await asking.server.get(`/api/v1/runs/${id}`);
    if (!named.ok) return asking.complain(named.failure);
    const link = { role: 'pipeline', file: (named.value as Named).pipeline } as const;
    const onSkipped = (): void =>
      void world.stdout.write(voice.skipped(link, index + 1, next.length + 1));
    const shows = flags.remoteLogs !== false;
    const following = { past: [], shows, untilOver: true, onSkipped };
    const code = await followPhase(id, following, asking, flags, world);
    if (code > 128 || code === exitCode.server) return code;
    if (failure === exitCode.ok) failure = code;
  }
  return failure;
}

interface Named {
  readonly pipeline: string;
}

interface Status {
  readonly status: string;
  readonly next?: readonly string[];
}

const farOf = ({ to, next }: ResumeFlags): ResumeTo =>
  to === undefined ? (next === true ? 'next' : 'all') : { step: to };

function wordsOf({ to, next }: ResumeFlags): string {
  if (next === true) return 'Resume: running pipeline to next step.';
  return to === undefined
    ? 'Resume: running pipeline to completion.'
    : `Resume: running pipeline to (and including) step named '${to}'.`;
}

const command = (to: ResumeTo, world: World) => ({ do: 'resume', by: nameOf(world), to });
