import { execFile } from 'node:child_process';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';

import { fail, ok } from '../../base/result.ts';

import type { Result } from '../../base/result.ts';

/** Whom a task runs as, when not as ourselves. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
  readonly home: string;
}

/** Whether a task of this user needs no rights that we do not have: it is ourselves, or we are root. */
export function canActAs(user: string): boolean {
  const self = userInfo();
  return self.uid === 0 || isSelf(user);
}

const isSelf = (user: string): boolean => {
  const self = userInfo();
  return [self.username, `${self.uid}`, `${self.uid}:${self.gid}`].includes(user);
};

/**
 * The account of a user given as `name`, `uid` or `uid:gid` (either of which may be a name's).
 * `undefined` when that is ourselves. The failure is a sentence.
 */
export async function findAccount(user: string): Promise<Result<Account | undefined, string>> {
  if (isSelf(user)) return ok(undefined);
  const [who = '', group] = user.split(':');
  const entry = await passwordEntry(who);
  const uid = entry?.uid ?? numberOf(who);
  if (uid === undefined) return fail(`there is no user '${who}' on this machine`);
  const gid = group === undefined ? (entry?.gid ?? uid) : await groupId(group);
  if (gid === undefined) return fail(`there is no group '${group}' on this machine`);
  return ok({ uid, gid, name: entry?.name ?? who, home: entry?.home ?? '/' });
}

const run = promisify(execFile);

async function passwordEntry(who: string): Promise<Account | undefined> {
  const [command, ...args] =
    process.platform === 'darwin'
      ? (['id', '-P', '--', who] as const)
      : (['getent', 'passwd', '--', who] as const);
  try {
    return parsePasswordEntry((await run(command, args)).stdout);
  } catch {
    return undefined;
  }
}

/** One line of the password file. Where it has more fields than seven, the home is the last but one. */
export function parsePasswordEntry(line: string): Account | undefined {
  const fields = line.trim().split(':');
  const [name, , uid, gid] = fields;
  if (name === undefined || fields.length < 7) return undefined;
  return { name, uid: Number(uid), gid: Number(gid), home: fields.at(-2) ?? '/' };
}

async function groupId(group: string): Promise<number | undefined> {
  const number = numberOf(group);
  if (number !== undefined) return number;
  try {
    return Number((await run('getent', ['group', '--', group])).stdout.split(':')[2]);
  } catch {
    return undefined;
  }
}

const numberOf = (text: string): number | undefined =>
  /^\d+$/.test(text) ? Number(text) : undefined;
