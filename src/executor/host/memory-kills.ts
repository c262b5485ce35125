import { readFileSync } from 'node:fs';

/** How many processes of this machine the kernel has killed for memory. 0 where it does not say. */
export function memoryKills(): number {
  try {
    return Number(/^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'latin1'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
