import { guarded } from '../guard.ts';
import { realWorld } from '../world.ts';
import { codeOfCix } from './exit-code.ts';
import { runCixProgram } from './program.ts';

/** Runs the command line of CIX, and sets the exit code of the process. */
export async function main(argv: readonly string[]): Promise<void> {
  const world = realWorld('cix');
  await guarded(world, codeOfCix, () => runCixProgram(world, argv));
}
