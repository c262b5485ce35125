import { cleanLine } from '../../report/clean.ts';
import { complain, warn } from '../complain.ts';
import { exitCode } from '../exit-code.ts';
import { doneWords } from './done-words.ts';

import type { RunCommand } from '../../event/run-command.ts';
import type { RunView } from '../../event/view.ts';
import type { ColorFlags } from '../terminal/color.ts';
import type { World } from '../world.ts';
import type { Unsigned } from './done-words.ts';

/** A run that has taken a command. */
interface TakenBy {
  readonly id: string;
  /** What failed in its pause: when it goes on it ends with that, and does not come to where it was to go. */
  readonly failure?: string | undefined;
  /** What it has warned of since. */
  readonly warnings?: RunView['warnings'] | undefined;
}

/** Whether a run goes on up to a step, and may say how far that is. */
export const goesToStep = (command: Unsigned<RunCommand>): boolean =>
  command.do === 'resume' && typeof command.to === 'object';

/** Says that a run has taken a command. */
export function sayTaken(
  command: Unsigned<RunCommand>,
  { id, failure, warnings = [] }: TakenBy,
  flags: ColorFlags,
  world: World,
): number {
  for (const { about, text } of warnings)
    if (about === undefined) warn(world, flags, `run ${id}: ${cleanLine(text)}`);
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
