import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

import * as z from 'zod/mini';

import { formatDuration } from '../base/duration.ts';
import { fail, ok } from '../base/result.ts';
import { order } from './order.ts';

import type { Result } from '../base/result.ts';
import type { NotBegun, RunnerCommand } from './launch-runner.ts';

const { workspace, readsBelow, file, text: given, variables, secrets, plugins } = order.shape;

/** What a process that only checks a file is told on its standard input. */
export const checkOrder = z.strictObject({
  what: z.enum(['pipeline', 'plugin']),
  ...{ workspace, readsBelow, file, text: given, variables, secrets, plugins },
});

export type CheckOrder = z.output<typeof checkOrder>;

/** What a runner is called with in place of a run's id, to check a file. */
export const checkWord = 'check';

/**
 * Has a process of its own look for mistakes in a file. Reading what strangers wrote, and what that imports,
 * holds nobody else up then, and breaks nothing. One that takes too long cannot be read here.
 */
export async function check(
  wanted: CheckOrder,
  runner: RunnerCommand,
  patienceMs = usualPatienceMs,
): Promise<Result<void, NotBegun>> {
  const late = AbortSignal.timeout(patienceMs);
  const child = spawn(runner.file, [...runner.args, checkWord], {
    cwd: wanted.workspace,
    env: { ...runner.env },
    stdio: ['pipe', 'ignore', 'pipe'],
    signal: late,
    killSignal: 'SIGKILL',
  });
  const ended = once(child, 'close').catch(() => [null]) as Promise<[number | null]>;
  // Its end tells as much.
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(wanted));
  const said = await text(child.stderr).catch(() => '');
  const [code] = await ended;
  if (code === 0) return ok(undefined);
  if (code === null && late.aborted)
    return fail({ code: 3, said: `It was not read within ${formatDuration(patienceMs)}.` });
  return fail({ code: code ?? undefined, said });
}

/** Clients are more patient. */
const usualPatienceMs = 60_000;
