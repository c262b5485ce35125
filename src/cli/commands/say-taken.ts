import { cleanLine } from '../../report/clean.ts';
import { complain } from '../complain.ts';
import { exitCode } from '../exit-code.ts';
import { doneWords } from './done-words.ts';

import type { RunCommand } from '../../event/run-command.ts';
import type { ColorFlags } from '../terminal/color.ts';
import type { World } from '../world.ts';
import type { Unsigned } from './done-words.ts';

/**
 * Says that a run has taken a command. `failure` is what failed in its pause: when it goes on it ends with that, and
 * does not come to where it was to go.
 */
export function sayTaken(
  command: Unsigned<RunCommand>,
  { id, failure }: { readonly id: string; readonly failure?: string | undefined },
  flags: ColorFlags,
  world: World,
): number {
  if (command.do !== 'resume' || failure === undefined) {
    world.stdout.write(`run ${id} ${doneWords(command)}\n`);
    return exitCode.ok;
  }
  const words = `run ${id} goes on, and fails: ${cleanLine(failure)}`;
  if (command.to === 'all') {
    world.stdout.write(`${words}\n`);
    return exitCode.ok;
  }
  complain(world, flags, words);
  return exitCode.failed;
}
