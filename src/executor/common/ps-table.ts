import { spawnSync } from 'node:child_process';

import type { SpawnSyncReturns } from 'node:child_process';
import type { ProcessEntry, ProcessTable } from './process-table.ts';

/** The process table where there is no `/proc`, asked of `ps`. */
export const psTable: ProcessTable = {
  list: () =>
    ps('-A', '-o', columns)
      .split('\n')
      .flatMap((line) => parsePsLine(line) ?? []),
  find: (pid) => parsePsLine(ps('-p', String(pid), '-o', columns)),
  isAlive: ({ pid, start }) => {
    const { error, stdout } = runPs('-p', String(pid), '-o', columns);
    return error !== undefined || parsePsLine(stdout)?.start === start;
  },
  startOf: (pid) => psTable.find(pid)?.start ?? 0,
  commandOf: (pid) => ps('-ww', '-p', String(pid), '-o', 'command=').trim(),
  // `-E` appends the environment to the command, and only for processes of the same user.
  variableOf: (pid, name) =>
    ps('-E', '-ww', '-p', String(pid), '-o', 'command=')
      .split(/\s/)
      .find((entry) => entry.startsWith(`${name}=`))
      ?.slice(name.length + 1),
  holds: () => false,
};

const columns = 'pid=,ppid=,pgid=,state=,lstart=,comm=';

/**
 * One line of `ps -o pid=,ppid=,pgid=,state=,lstart=,comm=`. Sessions have no printable number
 * there: the process group, which is the same for whatever did not ask otherwise, stands for it.
 */
export function parsePsLine(line: string): ProcessEntry | undefined {
  const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+\s+\S+\s+\S+\s+[\d:]+\s+\d+)\s+(.*)$/.exec(
    line,
  );
  if (!match || match[4]!.startsWith('Z')) return undefined;
  const [, pid, parent, group, , started, name] = match;
  return {
    pid: Number(pid),
    parent: Number(parent),
    group: Number(group),
    session: Number(group),
    start: Date.parse(started!),
    name: name!.trim(),
  };
}

const ps = (...args: string[]): string => runPs(...args).stdout;

const runPs = (...args: string[]): SpawnSyncReturns<string> =>
  spawnSync('ps', args, { encoding: 'utf8', env: { LC_ALL: 'C', PATH: '/bin:/usr/bin' } });
