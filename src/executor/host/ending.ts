import { constants } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

import { processTable, signalProcess } from '../common/process-table.ts';

import type { ProcessRef, Stopped, StopHow } from '../executor.ts';
import type { Identity } from '../common/process-table.ts';
import type { ProcessTree } from './process-tree.ts';

/** How long KILL may take: a process with much memory, or that waits for a disk, is not gone at once. */
const patienceMs = 5_000;

/**
 * The end of one tree: the signal to all of it, KILL to what outlives the grace, and again until
 * nothing is left or it is clear that something cannot be ended. Begins when it is made; may be
 * hurried while it lasts.
 */
export class Ending {
  readonly stopped: Promise<Stopped>;
  readonly #tree: ProcessTree;
  readonly #patienceMs: number;
  readonly #sent = new Set<NodeJS.Signals>();
  /** Those that were signalled with the others. */
  readonly #told = new Set<string>();
  /** Those that came later, and what they were called when they were signalled. */
  readonly #toldLater = new Map<string, string>();
  #deadline = Infinity;
  #hurry = new AbortController();

  /** `leader` is the launched process, unless it has ended by itself already. */
  constructor(
    tree: ProcessTree,
    leader: Identity | undefined,
    how: StopHow,
    patience: number = patienceMs,
  ) {
    this.#tree = tree;
    this.#patienceMs = patience;
    const members = tree.members();
    const leftBehind = leader ? [] : members.map(toProcessRef);
    this.#signal(members, how);
    this.stopped = this.#end(leftBehind, members);
  }

  /** Asks once more: another signal is sent too, and the shorter grace wins. */
  insist(how: StopHow): void {
    this.#signal(this.#tree.members(), how);
    this.#hurry.abort();
    this.#hurry = new AbortController();
  }

  #signal(members: readonly Identity[], { signal, graceMs }: StopHow): void {
    const name = toSignal(signal);
    this.#deadline = Math.min(this.#deadline, performance.now() + graceMs);
    if (this.#sent.has(name)) return;
    this.#sent.add(name);
    for (const member of members) {
      this.#told.add(keyOf(member));
      tell(member, [name]);
    }
  }

  /**
   * Signals what was forked while the others were signalled. What has a living parent in the tree is
   * that one's business: often it is a command that is to bring about an orderly end.
   */
  #tellOrphans(members: readonly Identity[]): void {
    const newcomers = members.filter((member) => !this.#told.has(keyOf(member)));
    if (newcomers.length === 0) return;
    const pids = new Set(members.map(({ pid }) => pid));
    for (const member of newcomers) {
      const { parent, name } = processTable.find(member.pid) ?? {};
      if (parent === undefined || name === undefined || pids.has(parent)) continue;
      // Until it executes its program, a child has the signal handlers of whoever forked it.
      if (this.#toldLater.get(keyOf(member)) === name) continue;
      this.#toldLater.set(keyOf(member), name);
      tell(member, this.#sent);
    }
  }

  async #end(leftBehind: readonly ProcessRef[], members: readonly Identity[]): Promise<Stopped> {
    let killed = false;
    let givenUpAt = Infinity;
    let pauseMs = 1;
    let alive = members;
    for (; alive.length > 0; alive = this.#tree.members()) {
      const now = performance.now();
      if (now >= givenUpAt) break;
      const leftMs = this.#deadline - now;
      if (leftMs > 0) this.#tellOrphans(alive);
      else {
        // To be killed was the wish when KILL was the signal.
        killed ||= !this.#sent.has('SIGKILL');
        this.#tree.kill();
        if (givenUpAt === Infinity) {
          givenUpAt = now + this.#patienceMs;
          pauseMs = 1;
        }
      }
      await pause(leftMs > 0 ? Math.min(pauseMs, leftMs) : pauseMs, this.#hurry.signal);
      pauseMs = Math.min(pauseMs * 2, 20);
    }
    this.#tree.release();
    return {
      killed,
      leftBehind,
      ...(alive.length > 0 && { survivors: alive.map(toProcessRef) }),
    };
  }
}

const keyOf = ({ pid, start }: Identity): string => `${pid} ${start}`;

function tell(member: Identity, names: Iterable<NodeJS.Signals>): void {
  for (const name of names) signalProcess(member, name);
  // Whoever was stopped (SIGSTOP) hears the signal only when it goes on.
  signalProcess(member, 'SIGCONT');
}

/** A process as a person would look for it. */
export const toProcessRef = ({ pid }: Pick<Identity, 'pid'>): ProcessRef => ({
  pid,
  command: processTable.commandOf(pid),
});

/** The signal of that name without `SIG`. TERM when the platform knows none of that name. */
function toSignal(name: string): NodeJS.Signals {
  const signal = `SIG${name}` as NodeJS.Signals;
  return signal in constants.signals ? signal : 'SIGTERM';
}

const pause = (ms: number, hurry: AbortSignal): Promise<void> =>
  delay(ms, undefined, { signal: hurry }).catch(() => undefined);
