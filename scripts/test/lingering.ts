import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

export interface Lingering {
  readonly pid: number;
  readonly command: string;
}

/**
 * The processes that were started with this `NAME=value` in their environment and are still there
 * after a last few seconds to end in. Empty where there is no /proc to look at.
 */
export async function lingeringProcesses(variable: string): Promise<readonly Lingering[]> {
  const deadline = performance.now() + 5_000;
  for (;;) {
    const found = await startedWith(variable);
    if (found.length === 0 || performance.now() > deadline) return found;
    await delay(50);
  }
}

/** Kills what a test left, so that the next run starts clean. */
export function endProcesses(processes: readonly Lingering[]): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Gone by itself in the meantime.
    }
  }
}

async function startedWith(variable: string): Promise<readonly Lingering[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      // Unreadable: gone, or another user's and so not of the tests.
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      if (!environment.split('\0').includes(variable)) return [];
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return [{ pid: Number(pid), command: command.replaceAll('\0', ' ').trim() }];
    }),
  );
  return found.flat();
}
