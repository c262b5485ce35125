import { processTable, signalProcess } from '../common/process-table.ts';

import type { Identity, ProcessEntry, ProcessTable } from '../common/process-table.ts';

/** Everything that a launched process started, however far it went. */
export interface ProcessTree {
  /** Those that live now, without ourselves. Empty once nothing of the tree runs. */
  members(): Identity[];
  /** KILL to all of it at once. To be repeated until nothing is left. */
  kill(): void;
  /** Gives back what was made to keep track of it. Only for a tree that has ended. */
  release(): void;
}

/** Name of the variable by which the processes of a task are known. */
export const markerName = 'CONTINUO_TASK';

/** By what the processes of a tree are known in the process table. */
export interface TreeTraits {
  readonly leaders: readonly Identity[];
  /** When the one started who launched them: nothing older is theirs. */
  readonly since: number;
  /** How the value of `markerName` in their environment starts. */
  readonly marker: string;
  /** How the paths of their output and their tie start. */
  readonly output?: string | undefined;
}

/**
 * Which processes of a table belong together: the leaders, their sessions, whatever carries the
 * marker or holds the output or the tie, whoever was seen before, and all descendants of these.
 */
export function belonging(
  entries: readonly ProcessEntry[],
  { leaders, since, marker, output }: TreeTraits,
  seen: ReadonlyMap<number, number>,
  table: ProcessTable,
): ProcessEntry[] {
  const byPid = new Map(entries.map((entry) => [entry.pid, entry]));
  const sessions = new Set<number>();
  for (const { pid, start } of leaders) {
    const holder = byPid.get(pid);
    // A later owner of the pid may have opened a session of that number.
    if (!holder || holder.start === start) sessions.add(pid);
  }
  const isMarked = ({ pid, start }: ProcessEntry): boolean =>
    start >= since &&
    (table.variableOf(pid, markerName)?.startsWith(marker) === true ||
      (output !== undefined && table.holds(pid, output)));

  const members = new Set<number>();
  let candidates = entries.filter(({ pid }) => pid !== process.pid && pid > 1);
  const known = (entry: ProcessEntry): boolean =>
    sessions.has(entry.session) || seen.get(entry.pid) === entry.start || isMarked(entry);
  const childOfMember = ({ parent }: ProcessEntry): boolean => members.has(parent);

  for (let joins = known; ; joins = childOfMember) {
    const [joining, rest] = [candidates.filter(joins), candidates.filter((e) => !joins(e))];
    if (joining.length === 0 && joins === childOfMember) break;
    for (const { pid } of joining) members.add(pid);
    candidates = rest;
  }
  return entries.filter(({ pid }) => members.has(pid));
}

/** Everything of a sandbox whose owner is dead, as the process table shows it. */
export class TableTree implements ProcessTree {
  readonly #traits: TreeTraits;
  #seen = new Map<number, number>();

  /** For leaders that run already. */
  constructor(traits: TreeTraits) {
    this.#traits = traits;
  }

  members(): Identity[] {
    const members = belonging(processTable.list(), this.#traits, this.#seen, processTable);
    this.#seen = new Map(members.map(({ pid, start }) => [pid, start]));
    return members;
  }

  kill(): void {
    for (const member of this.members()) signalProcess(member, 'SIGKILL');
  }

  release(): void {
    this.#seen.clear();
  }
}

/** Several trees as one: of a sandbox, say. */
export class JoinedTree implements ProcessTree {
  readonly #trees: readonly ProcessTree[];

  constructor(trees: readonly ProcessTree[]) {
    this.#trees = trees;
  }

  members(): Identity[] {
    const all = this.#trees.flatMap((tree) => tree.members());
    return [...new Map(all.map((member) => [member.pid, member])).values()];
  }

  kill(): void {
    for (const tree of this.#trees) tree.kill();
  }

  release(): void {
    for (const tree of this.#trees) tree.release();
  }
}
