import { processTable, signalProcess } from '../common/process-table.ts';
import { markerName } from './process-tree.ts';

import type { Identity, ProcessEntry, ProcessTable } from '../common/process-table.ts';
import type { ProcessTree } from './process-tree.ts';

/** By what the processes of one task are known. */
export interface TaskTraits {
  readonly leader: Identity;
  /** The value of `markerName` in their environment. */
  readonly marker: string;
  /** How the paths of their output and their tie start. */
  readonly output?: string | undefined;
}

/** Where a census looks for processes. */
export interface Population {
  list(): ProcessEntry[];
  /**
   * Only we and what we started live there. What has cut all its ties then still belongs to the
   * only task that was there when it was born.
   */
  readonly closed: boolean;
  /** Ends a process of it that we may not signal, where the kernel does that for us. */
  force?(pid: number): void;
}

/** Many trees that end together look at one list. */
const freshMs = 1;

/**
 * Finds out which task each process belongs to: by session, parent, environment or output. What
 * is found when it is first seen holds for as long as it lives.
 */
export class Census {
  readonly #population: Population;
  readonly #table: ProcessTable;
  readonly #trees = new Map<string, CensusTree>();
  #placed = new Map<number, Placed>();
  #takenAt = -Infinity;

  constructor(population: Population, table: ProcessTable = processTable) {
    this.#population = population;
    this.#table = table;
  }

  /** Whether nothing that a task starts can get out of sight, whatever ties it cuts. */
  get isClosed(): boolean {
    return this.#population.closed;
  }

  /** The tree of a task that was launched this moment. */
  track(traits: TaskTraits): ProcessTree {
    const tree = new CensusTree(traits, this);
    this.#trees.set(traits.marker, tree);
    return tree;
  }

  /** A task that has ended owns nothing any more. */
  forget({ traits }: CensusTree): void {
    this.#trees.delete(traits.marker);
  }

  /** Who belongs to the tree now, by a list that is younger than `since`. */
  membersOf(tree: CensusTree, since: number): Identity[] {
    const now = performance.now();
    if (this.#takenAt < since || now - this.#takenAt > freshMs) {
      this.take();
      this.#takenAt = now;
    }
    return [...this.#placed.values()].filter((placed) => placed.tree === tree);
  }

  /** KILL, by force if need be. */
  kill(member: Identity): void {
    if (!signalProcess(member, 'SIGKILL')) this.#population.force?.(member.pid);
  }

  /** Who was left by tasks but cannot be said to be of a single one. */
  strays(): Identity[] {
    this.take();
    return [...this.#placed.values()].filter(({ tree, stray }) => !tree && stray);
  }

  /** Looks at every process once. */
  take(): void {
    const entries = new Map(this.#population.list().map((entry) => [entry.pid, entry]));
    const placed = new Map<number, Placed>();
    const place = (entry: ProcessEntry): Placed => {
      const done = placed.get(entry.pid);
      if (done) return done;
      const before = this.#placed.get(entry.pid);
      // Our own child may yet become a leader; whatever else was decided stands.
      const isSettled =
        before?.start === entry.start && (before.tree ?? entry.parent !== process.pid);
      const { pid, start } = entry;
      // Put down before its parent is looked at, which a damaged table could make its child.
      placed.set(pid, { pid, start, tree: undefined, stray: false });
      const found = isSettled ? before : this.#find(entry, entries, place);
      placed.set(pid, found);
      return found;
    };
    entries.delete(process.pid);
    for (const entry of entries.values()) place(entry);
    this.#placed = placed;
  }

  #find(
    entry: ProcessEntry,
    entries: ReadonlyMap<number, ProcessEntry>,
    place: (entry: ProcessEntry) => Placed,
  ): Placed {
    const { pid, start, parent } = entry;
    const born = entries.get(parent);
    // A parent that ended while the list was made is known from before.
    const above = born ? place(born) : this.#placed.get(parent);
    const tree = this.#byTraits(entry, entries) ?? above?.tree;
    if (tree || !this.#population.closed) return { pid, start, tree, stray: false };
    const stray = above ? above.stray : parent !== process.pid;
    return { pid, start, tree: stray ? this.#onlyOneAt(start) : undefined, stray };
  }

  #byTraits(
    entry: ProcessEntry,
    entries: ReadonlyMap<number, ProcessEntry>,
  ): CensusTree | undefined {
    const candidates = [...this.#trees.values()].filter(
      ({ traits }) => traits.leader.start <= entry.start,
    );
    if (candidates.length === 0) return undefined;
    const bySession = candidates.find(({ traits }) => isSessionOf(traits.leader, entry, entries));
    if (bySession) return bySession;
    const marker = this.#table.variableOf(entry.pid, markerName);
    return (
      candidates.find(({ traits }) => traits.marker === marker) ??
      candidates.find(
        ({ traits: { output } }) => output !== undefined && this.#table.holds(entry.pid, output),
      )
    );
  }

  #onlyOneAt(start: number): CensusTree | undefined {
    const candidates = [...this.#trees.values()].filter(
      ({ traits }) => traits.leader.start <= start,
    );
    return candidates.length === 1 ? candidates[0] : undefined;
  }
}

interface Placed extends Identity {
  readonly tree: CensusTree | undefined;
  /** It was started by a task, whichever that was. */
  readonly stray: boolean;
}

function isSessionOf(
  leader: Identity,
  entry: ProcessEntry,
  entries: ReadonlyMap<number, ProcessEntry>,
): boolean {
  if (entry.session !== leader.pid) return false;
  // A later owner of the pid may have opened a session of that number.
  const holder = entries.get(leader.pid);
  return !holder || holder.start === leader.start;
}

/** The tree of one task in a census. */
class CensusTree implements ProcessTree {
  readonly traits: TaskTraits;
  readonly #census: Census;
  // A list from before the launch would show the tree empty.
  readonly #since = performance.now();

  constructor(traits: TaskTraits, census: Census) {
    this.traits = traits;
    this.#census = census;
  }

  members(): Identity[] {
    return this.#census.membersOf(this, this.#since);
  }

  kill(): void {
    for (const member of this.members()) this.#census.kill(member);
  }

  release(): void {
    this.#census.forget(this);
  }
}
