import { complain } from './complain.ts';
import { exitCode } from './exit-code.ts';
import { buildProgram } from './program.ts';
import { realWorld } from './world.ts';

/** Runs Continuo's command line, and sets the exit code of the process. */
export async function main(argv: readonly string[]): Promise<void> {
  const world = realWorld();
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
    process.exitCode = await buildProgram(world).run(argv);
  } catch (error) {
    fall(error);
  }
}
