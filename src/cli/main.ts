import { codeOfContinuo } from './exit-code.ts';
import { guarded } from './guard.ts';
import { runProgram } from './program.ts';
import { realWorld } from './world.ts';

/** Runs Continuo's command line, and sets the exit code of the process. */
export async function main(argv: readonly string[]): Promise<void> {
  const world = realWorld('continuo');
  await guarded(world, codeOfContinuo, () => runProgram(world, argv));
}
