import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Census } from './census.ts';
import { groupEntries, killApart, ownGroup, removeGroup } from './control-group.ts';
import { Ending } from './ending.ts';
import { observe } from './observer.ts';
import { processTable } from './process-table.ts';

/** How a sandbox keeps the trees of its tasks together. */
export interface Stay {
  /** The control group that tasks are born in, if we get into it. */
  readonly group?: string;
  /** The group that we were in before. */
  readonly outside?: string;
  readonly census: Promise<Census>;
  /** The sandbox has no task any more. */
  leave(): Promise<void>;
}

/** A stay that needs nothing but the process table. */
export function stayInTable(): Stay {
  const unobserve = observe(everybody);
  return {
    census: Promise.resolve(everybody),
    leave: () => {
      unobserve();
      return Promise.resolve();
    },
  };
}

const everybody = new Census({ list: () => processTable.list(), closed: false });

/**
 * A stay in a control group of this process. We move into it ourselves, once for all sandboxes, so
 * that every child is born there and nothing it starts gets out: to move each child instead would
 * cost a wait for the whole kernel per launch, and come too late for what forks at once.
 * `undefined` where there are no control groups.
 */
export function stayInGroup(): Stay | undefined {
  residence ??= moveIn();
  if (!residence) return undefined;
  const { own, group, census } = residence;
  residence.sandboxes++;
  return { group, outside: own, census, leave: moveOut };
}

interface Residence {
  readonly own: string;
  readonly group: string;
  readonly census: Promise<Census>;
  readonly unobserve: Promise<() => void>;
  sandboxes: number;
}

// A process is in one group at a time, whoever of it asks.
let residence: Residence | undefined;
let moving: Promise<unknown> = Promise.resolve();

function moveIn(): Residence | undefined {
  const own = ownGroupOnce();
  if (own === undefined) return undefined;
  const group = join(own, `continuo-${process.pid}-${randomUUID().slice(0, 8)}`);
  const census = moving.then(async () =>
    (await enter(group, own))
      ? new Census({
          list: () => groupEntries(group),
          closed: true,
          force: (pid) => killApart(group, pid),
        })
      : everybody,
  );
  moving = census;
  return { own, group, census, unobserve: census.then(observe), sandboxes: 0 };
}

async function moveOut(): Promise<void> {
  if (!residence || --residence.sandboxes > 0) return;
  const left = residence;
  residence = undefined;
  moving = moving.then(() => leaveBehind(left));
  await moving;
}

async function leaveBehind({ own, group, census, unobserve }: Residence): Promise<void> {
  (await unobserve)();
  const here = await census;
  if (here === everybody) return;
  const strays = {
    members: () => here.strays(),
    kill: () => here.strays().forEach((stray) => here.kill(stray)),
    release: () => undefined,
  };
  await new Ending(strays, undefined, { signal: 'KILL', graceMs: 0 }).stopped;
  await moveTo(own);
  removeGroup(group);
}

async function enter(group: string, own: string): Promise<boolean> {
  try {
    mkdirSync(group);
  } catch {
    return false;
  }
  if (await moveTo(group)) return true;
  await moveTo(own);
  removeGroup(group);
  return false;
}

/** On a thread of its own: the kernel may take some 10 ms for it. */
const moveTo = (folder: string): Promise<boolean> =>
  writeFile(join(folder, 'cgroup.procs'), String(process.pid)).then(
    () => true,
    () => false,
  );

let ownFound: { readonly own: string | undefined } | undefined;

/** Where we were before any move of ours. */
function ownGroupOnce(): string | undefined {
  ownFound ??= { own: ownGroup() };
  return ownFound.own;
}
