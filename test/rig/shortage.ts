import { execFileSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/** How many files a process may have open. */
export const openFilesOf = (pid: number): string =>
  execFileSync('prlimit', ['--pid', String(pid), '--nofile', '--output', 'SOFT', '--noheadings'], {
    encoding: 'utf8',
  }).trim();

/** Has a process have so many files open at most, from now on. What is open stays so. */
export function limitOpenFiles(pid: number, most: string): void {
  execFileSync('prlimit', ['--pid', String(pid), `--nofile=${most}:`]);
}

/** Does something while this process can open no file. */
export async function inShortage<T>(act: () => T | Promise<T>): Promise<T> {
  const usual = openFilesOf(process.pid);
  limitOpenFiles(process.pid, '256');
  const held: number[] = [];
  try {
    try {
      for (;;) held.push(openSync('/dev/null', 'r'));
    } catch {
      return await act();
    }
  } finally {
    for (const descriptor of held) closeSync(descriptor);
    limitOpenFiles(process.pid, usual);
  }
}
