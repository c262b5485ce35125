import type { Run } from '../engine/run.ts';
import type { JournalWriter } from '../journal/journal-writer.ts';

/** A run that is over by then takes no commands, and pays nothing for it. */
const openAfterMs = 50;

/**
 * Lets a run take commands from other processes until what it returns is disposed of. What a command
 * comes to at once is in the journal before it is answered: whoever asked may read it there.
 */
export function openControl(
  folder: string,
  run: Pick<Run, 'take'>,
  journal: Pick<JournalWriter, 'flush'>,
): AsyncDisposable {
  let opening: Promise<Disposable | undefined> | undefined;
  const open = async (): Promise<Disposable | undefined> => {
    try {
      const { takeCommands } = await import('../control/take-commands.ts');
      return await takeCommands(folder, (command) => {
        const taken = run.take(command);
        journal.flush();
        return taken;
      });
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
