import { execFileSync } from 'node:child_process';
import { userInfo } from 'node:os';

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

/** The accounts of this machine, each asked for once. */
export class Accounts {
  readonly #found = new Map<string, Account | undefined>();

  /**
   * The account of a user given as `name`, `uid` or `uid:gid` (either of which may be a name's).
   * `undefined` when that is ourselves. The failure is a sentence.
   */
  find(user: string): Result<Account | undefined, string> {
    if (this.#found.has(user)) return ok(this.#found.get(user));
    const account = isSelf(user) ? ok(undefined) : findAccount(user);
    if (account.ok) this.#found.set(user, account.value);
    return account;
  }
}

function findAccount(user: string): Result<Account, string> {
  const [who = '', group] = user.split(':');
  const entry = passwordEntry(who);
  const uid = entry?.uid ?? numberOf(who);
  if (uid === undefined) return fail(`there is no user '${who}' on this machine`);
  const gid = group === undefined ? (entry?.gid ?? uid) : groupId(group);
  if (gid === undefined) return fail(`there is no group '${group}' on this machine`);
  return ok({ uid, gid, name: entry?.name ?? who, home: entry?.home ?? '/' });
}

const passwordEntry = (who: string): Account | undefined =>
  parsePasswordEntry(
    process.platform === 'darwin' ? ask('id', '-P', '--', who) : ask('getent', 'passwd', '--', who),
  );

/** One line of the password file. Where it has more fields than seven, the home is the last but one. */
export function parsePasswordEntry(line: string): Account | undefined {
  const fields = line.trim().split(':');
  const [name, , uid, gid] = fields;
  if (name === undefined || fields.length < 7) return undefined;
  return { name, uid: Number(uid), gid: Number(gid), home: fields.at(-2) ?? '/' };
}

function groupId(group: string): number | undefined {
  const number = numberOf(group);
  if (number !== undefined) return number;
  const id = ask('getent', 'group', '--', group).split(':')[2];
  return id === undefined ? undefined : Number(id);
}

/** What the command prints. Nothing when it cannot tell, or is not there. */
function ask(command: string, ...args: string[]): string {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
}

const numberOf = (text: string): number | undefined =>
  /^\d+$/.test(text) ? Number(text) : undefined;
