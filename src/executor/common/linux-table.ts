import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

import type { ProcessEntry, ProcessTable } from './process-table.ts';

/** Where a task has its tie: beyond the numbers that a shell's script can name. */
export const tieFd = 19;

/** The process table of Linux, read from `/proc`. */
export const linuxTable: ProcessTable = {
  list: () => lookUntilNobodyDied(look),

  find: (pid) => {
    const status = parseStat(read(`/proc/${pid}/stat`));
    return status?.lives === true ? status.entry : undefined;
  },

  isAlive: ({ pid, start }) => {
    try {
      const status = parseStat(readFileSync(`/proc/${pid}/stat`, 'latin1'));
      return status?.lives === true && status.entry.start === start;
    } catch (error) {
      return !gone.has((error as NodeJS.ErrnoException).code);
    }
  },

  startOf: (pid) => parseStat(read(`/proc/${pid}/stat`))?.entry.start ?? 0,

  commandOf: (pid) => {
    const words = read(`/proc/${pid}/cmdline`).split('\0').filter(Boolean);
    return words.length > 0 ? words.join(' ') : (linuxTable.find(pid)?.name ?? '');
  },

  variableOf: (pid, name) =>
    read(`/proc/${pid}/environ`)
      .split('\0')
      .find((entry) => entry.startsWith(`${name}=`))
      ?.slice(name.length + 1),

  holds: (pid, pathStart) =>
    [1, 2, tieFd].some((fd) => link(`/proc/${pid}/fd/${fd}`).startsWith(pathStart)),
};

/** Every pid that `/proc` shows now. */
export const pids = (): number[] => readdirSync('/proc').map(Number).filter(Number.isInteger);

/** What a look at many processes found. */
export interface Look {
  readonly entries: ProcessEntry[];
  /** Somebody whose pid was read has ended before its line was. */
  readonly hasDied: boolean;
}

/**
 * The entries of a look during which nobody died: who did may have forked after the pids were read,
 * and a child that is in no list looks like the end of a tree. Does not try for ever.
 */
export function lookUntilNobodyDied(look: () => Look, looks = 4): ProcessEntry[] {
  const { entries, hasDied } = look();
  return hasDied && looks > 1 ? lookUntilNobodyDied(look, looks - 1) : entries;
}

let zombies: ReadonlySet<number> = new Set();

function look(): Look {
  const entries: ProcessEntry[] = [];
  const dead = new Set<number>();
  let hasDied = false;
  for (const pid of pids()) {
    const status = parseStat(read(`/proc/${pid}/stat`));
    if (status?.lives === true) entries.push(status.entry);
    else if (status) dead.add(pid);
    // Zombies may stay for ever: only new ones have died in this moment.
    hasDied ||= status === undefined || (!status.lives && !zombies.has(pid));
  }
  zombies = dead;
  return { entries, hasDied };
}

/** One line of `/proc/PID/stat`. The name may hold spaces and parentheses. */
export function parseStat(line: string): { entry: ProcessEntry; lives: boolean } | undefined {
  const open = line.indexOf('(');
  const close = line.lastIndexOf(')');
  if (open < 0 || close < open) return undefined;
  const rest = line.slice(close + 2).split(' ');
  const [state = '', parent, group, session] = rest;
  const entry = {
    pid: Number(line.slice(0, open)),
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    start: Number(rest[19]),
    name: line.slice(open + 1, close),
  };
  // Zombies and the dead run nothing any more, although somebody has yet to reap them.
  return { entry, lives: !'ZXx'.includes(state) };
}

/** What is said of a process that has ended: before its file is opened, and while that is read. */
const gone = new Set<string | undefined>(['ENOENT', 'ESRCH']);

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
