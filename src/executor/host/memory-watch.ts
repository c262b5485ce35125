import { readFileSync } from 'node:fs';

/** Tells whether the kernel has killed a process of this machine for memory. */
export class MemoryWatch {
  #kills = kills();

  /** Whether it has since the last call, or since the watch began. */
  hasKilled(): boolean {
    const before = this.#kills;
    this.#kills = kills();
    return this.#kills > before;
  }
}

/** 0 where the kernel does not say. */
function kills(): number {
  try {
    return Number(/^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'latin1'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
