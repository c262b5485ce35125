import { complain } from './complain.ts';
import { exitCode } from './exit-code.ts';

import type { World } from './world.ts';

/**
 * Ends the process with what `program` comes to, or with our request for a report when it breaks.
 * However it ends, `codeOf` has the last word about its exit code.
 */
export async function guarded(
  world: World,
  codeOf: (code: number) => number,
  program: () => Promise<number>,
): Promise<void> {
  process.on('exit', (code) => {
    process.exitCode = codeOf(code);
  });
  const fall = (error: unknown): never => {
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
    complain(world, {}, `this is a bug in Continuo, please report it:\n${told}`);
    // Something may still be under way; the watchdog ends what this leaves.
    process.exit(exitCode.bug);
  };
  process.on('uncaughtException', fall);
  // A reader that goes away (`| head`, a closed terminal) is no reason to complain, and nobody is
  // left to hear it.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EIO') fall(error);
    });
  }
  try {
    process.exitCode = await program();
  } catch (error) {
    fall(error);
  }
}
