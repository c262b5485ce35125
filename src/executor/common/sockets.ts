import { readdirSync, readlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { endianness } from 'node:os';

import { pids } from './linux-table.ts';

/** A socket that waits for connections. */
export interface Listener {
  readonly port: number;
  /** Whether `localhost` leads to it, in IPv4 or IPv6. */
  readonly isLocal: boolean;
  readonly inode: string;
  readonly uid: number;
}

/**
 * Who waits for connections on this port, IPv4 and IPv6: of this machine, or of the network that
 * the process `of` is in.
 */
export async function listenersOn(port: number, of?: number): Promise<Listener[]> {
  return (await allListeners(of)).filter((listener) => listener.port === port);
}

/** Who waits for connections at all: of this machine, or of the network that the process is in. */
export async function allListeners(of?: number): Promise<Listener[]> {
  const folder = of === undefined ? '/proc/net' : `/proc/${of}/net`;
  // The kernel takes 2 ms for each of them on a large machine: not on our thread, and at once.
  const tables = await Promise.all([`${folder}/tcp`, `${folder}/tcp6`].map(read));
  return tables.flatMap(parseListeners);
}

/** Their ports, each once, in their order. */
export const portsIn = (listeners: readonly Listener[]): number[] =>
  [...new Set(listeners.map(({ port }) => port))].toSorted((one, other) => one - other);

const listening = '0A';

/** The listening sockets in the text of `/proc/net/tcp` or `/proc/net/tcp6`. */
export function parseListeners(text: string): Listener[] {
  return text.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , uid = '', , inode = ''] = line.trim().split(/\s+/);
    if (state !== listening) return [];
    const [address = '', port = ''] = local.split(':');
    return [{ port: parseInt(port, 16), isLocal: reached.has(address), inode, uid: Number(uid) }];
  });
}

/** Four bytes as these files show them: as one number of this machine. */
const word = (...bytes: [number, number, number, number]): string =>
  Buffer.from(endianness() === 'LE' ? bytes.toReversed() : bytes)
    .toString('hex')
    .toUpperCase();

const zero = word(0, 0, 0, 0);
const loopback = word(127, 0, 0, 1);
const mapped = zero + zero + word(0, 0, 0xff, 0xff);

/** Everywhere, `127.0.0.1` and `::1`. Not `127.0.0.53`, on which some machine resolves names. */
const reached: ReadonlySet<string> = new Set([
  zero,
  loopback,
  zero.repeat(4),
  zero.repeat(3) + word(0, 0, 0, 1),
  mapped + zero,
  mapped + loopback,
]);

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

const read = (file: string): Promise<string> => readFile(file, 'latin1').catch(() => '');
