import { linuxTable } from './linux-table.ts';
import { psTable } from './ps-table.ts';

/** A process that stays the same one even when its pid is given to another later. */
export interface Identity {
  readonly pid: number;
  /** When it started, in a unit of the platform that only grows. */
  readonly start: number;
}

/** One living process. Zombies are not among them. */
export interface ProcessEntry extends Identity {
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** The short name that the kernel keeps. */
  readonly name: string;
}

/** What can be found out about the processes of this machine. Never throws: the dead are absent. */
export interface ProcessTable {
  list(): ProcessEntry[];
  find(pid: number): ProcessEntry | undefined;
  /** Whether that very process lives, or cannot be looked at in this moment: dead is only who is seen to be gone. */
  isAlive(process: Identity): boolean;
  /** When it started, even if it is a zombie by now. 0 when it is gone. */
  startOf(pid: number): number;
  /** The command line on one line, as far as it can be read. */
  commandOf(pid: number): string;
  /** A variable of the environment it was started with, if that can be read. */
  variableOf(pid: number, name: string): string | undefined;
  /** Whether its standard output, its error or its tie is a file whose path starts so. */
  holds(pid: number, pathStart: string): boolean;
}

/** The table of this platform. */
export const processTable: ProcessTable = process.platform === 'linux' ? linuxTable : psTable;

/**
 * The signal to that very process, and to nobody who got its pid later. `false` when it lives and
 * we may not signal it.
 */
export function signalProcess(
  { pid, start }: Identity,
  signal: NodeJS.Signals,
  table: ProcessTable = processTable,
): boolean {
  if (pid === process.pid || pid <= 1 || table.find(pid)?.start !== start) return true;
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EPERM';
  }
}

/** Whether that very process still lives, as far as can be seen. */
export const isAlive = (process: Identity): boolean => processTable.isAlive(process);
