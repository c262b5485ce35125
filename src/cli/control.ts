import type { Run } from '../engine/run.ts';

/** A run that is over by then takes no commands, and pays nothing for it. */
const openAfterMs = 50;

/** Lets a run take commands from other processes until what it returns is disposed of. */
export function openControl(folder: string, run: Pick<Run, 'take'>): AsyncDisposable {
  let opening: Promise<Disposable | undefined> | undefined;
  const open = async (): Promise<Disposable | undefined> => {
    try {
      const { takeCommands } = await import('../control/take-commands.ts');
      return await takeCommands(folder, (command) => run.take(command));
    } catch {
      // Whoever asks for it is told that nobody listens. The run has no need of it.
      return undefined;
    }
  };
  const timer = setTimeout(() => {
    opening = open();
  }, openAfterMs).unref();
  return {
    [Symbol.asyncDispose]: async () => {
      clearTimeout(timer);
      const opened = opening;
      opening = undefined;
      (await opened)?.[Symbol.dispose]();
    },
  };
}
