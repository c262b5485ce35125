import assert from 'node:assert/strict';
import { accessSync, constants, globSync, readdirSync, readlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { it } from 'node:test';

import { exercised } from './exercised.ts';
import { freePort } from './ports.ts';

import type { ServiceEnd } from '../../src/event/outcome.ts';
import type { Place } from './cli.ts';
import type { exercisable } from './exercised.ts';

/** A test's body; the programs it asked for are given to it by their paths. */
type Body<Name extends string> = (programs: Readonly<Record<Name, string>>) => Promise<void>;

/**
 * A test with the real thing, named in the last lines of a test run. Where a program of it is not
 * installed it is skipped, and fails in CI.
 */
export function realTests<Name extends string>(
  what: (typeof exercisable)[number],
  names: readonly Name[],
): (does: string, body: Body<Name>) => void {
  const found = Object.fromEntries(names.map((name) => [name, findProgram(name)]));
  const missing = names.filter((name) => found[name] === undefined);
  const notExercised = `${what} was not exercised: ${missing.join(', ')} not found`;
  const inCi = process.env['CI'] !== undefined;
  const skip = missing.length > 0 && !inCi ? notExercised : false;
  return (does, body) => {
    void it(does, { timeout: 60_000, skip }, async () => {
      assert.equal(missing.length, 0, notExercised);
      await body(found as Record<Name, string>);
      exercised(what);
    });
  };
}

/** Where Debian keeps servers that are not in everybody's PATH. */
const serverFolders = ['/usr/sbin', ...globSync('/usr/lib/postgresql/*/bin').sort().reverse()];

function findProgram(name: string): string | undefined {
  const folders = [...serverFolders, ...(process.env['PATH'] ?? '').split(delimiter)];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Two ports that were free a moment ago. */
export const freePorts = async (): Promise<readonly [number, number]> => [
  await freePort(),
  await freePort(),
];

/** How a service of the latest run ended. */
export async function endOf(place: Place, service: string): Promise<ServiceEnd> {
  const events = await place.events();
  const ended = events.filter((event) => event.type === 'service.ended');
  const own = ended.find((event) => event.service === service);
  assert.ok(own, `service ${service} ended`);
  return own.end;
}

/** What the latest run failed for, which must be the end of this service. */
export async function causeOf(place: Place, service: string) {
  const last = (await place.events()).at(-1);
  assert.ok(last?.type === 'run.ended');
  assert.equal(last.outcome, 'failed');
  assert.ok(
    last.cause?.kind === 'service',
    `the cause is a service: ${JSON.stringify(last.cause)}`,
  );
  assert.equal(last.cause.service, service);
  return last.cause;
}

/**
 * Living processes that work in this folder: those of a server that writes over its command line
 * and environment are found by nothing else.
 */
export function processesIn(folder: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
    } catch {
      return false;
    }
  });
}
