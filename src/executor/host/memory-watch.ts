import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** How old the count at least is, and half of how old it may be, that a kill is held against. */
const everyMs = 500;

/**
 * Tells whether the kernel has just killed a process for memory: one of ours where our control
 * group counts them, otherwise any of this machine.
 */
export class MemoryWatch implements Disposable {
  readonly #count: () => number;
  readonly #timer: NodeJS.Timeout;
  #before: number;
  #latest: number;

  /** Begins to count. `group` is the control group of the tasks, if they have one. */
  constructor(group: string | undefined, count: () => number = counterOf(group)) {
    this.#count = count;
    this.#before = this.#latest = count();
    this.#timer = setInterval(() => this.tick(), everyMs).unref();
  }

  /** Half a second is over. */
  tick(): void {
    this.#before = this.#latest;
    this.#latest = this.#count();
  }

  /** Whether it has killed within the last half second, or up to a second. Each kill is told once. */
  hasKilled(): boolean {
    if (this.#count() <= this.#before) return false;
    this.#before++;
    this.#latest = Math.max(this.#latest, this.#before);
    return true;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

function counterOf(group: string | undefined): () => number {
  const events = group === undefined ? undefined : join(group, 'memory.events');
  // There only where the memory controller is.
  if (events !== undefined && killsIn(events) !== undefined) return () => killsIn(events) ?? 0;
  return () => killsIn('/proc/vmstat') ?? 0;
}

/** `undefined` where the kernel does not say. */
function killsIn(file: string): number | undefined {
  try {
    const kills = /^oom_kill (\d+)$/m.exec(readFileSync(file, 'latin1'))?.[1];
    return kills === undefined ? undefined : Number(kills);
  } catch {
    return undefined;
  }
}
