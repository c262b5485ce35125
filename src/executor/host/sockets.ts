import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

import { pids } from './linux-table.ts';

/** A socket that waits for connections. */
export interface Listener {
  readonly port: number;
  readonly inode: string;
  readonly uid: number;
}

/** Who waits for connections on this port of this machine, IPv4 and IPv6. */
export const listenersOn = (port: number): Listener[] =>
  ['/proc/net/tcp', '/proc/net/tcp6']
    .flatMap((file) => parseListeners(read(file)))
    .filter((listener) => listener.port === port);

const listening = '0A';

/** The listening sockets in the text of `/proc/net/tcp` or `/proc/net/tcp6`. */
export function parseListeners(text: string): Listener[] {
  return text.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , uid = '', , inode = ''] = line.trim().split(/\s+/);
    if (state !== listening) return [];
    const port = parseInt(local.slice(local.lastIndexOf(':') + 1), 16);
    return [{ port, inode, uid: Number(uid) }];
  });
}

/** Which of the processes hold one of the sockets open, and which do not let us see. */
export interface Holders {
  readonly holding: number[];
  readonly unreadable: number[];
}

/** Looks for the sockets among the open files of these processes, or of all. */
export function holdersOf(
  listeners: readonly Listener[],
  among: readonly number[] = pids(),
): Holders {
  const links = new Set(listeners.map(({ inode }) => `socket:[${inode}]`));
  const holding: number[] = [];
  const unreadable: number[] = [];
  for (const pid of among) {
    const open = openFiles(pid);
    if (!open) unreadable.push(pid);
    else if (open.some((link) => links.has(link))) holding.push(pid);
  }
  return { holding, unreadable };
}

function openFiles(pid: number): string[] | undefined {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? undefined : [];
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
