import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { groupAtFirst } from '../common/own-group.ts';
import { processTable } from '../common/process-table.ts';
import { Census } from './census.ts';
import { groupEntries, killApart, removeGroup } from './control-group.ts';
import { Ending } from './ending.ts';
import { observe } from './observer.ts';

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
 * Where this process lives while it has sandboxes: in one control group at a time, whoever of it
 * asks. It moves in with the first sandbox, and out after the last.
 */
class Residence {
  readonly #own: string;
  readonly #group: string;
  readonly #census: Promise<Census>;
  readonly #unobserve: Promise<() => void>;
  #sandboxes = 0;

  /** Moves in once `before` has settled: a process cannot move twice at a time. */
  constructor(own: string, before: Promise<unknown>) {
    this.#own = own;
    this.#group = join(own, `continuo-${process.pid}-${randomUUID().slice(0, 8)}`);
    this.#census = before.then(() => this.#enter());
    this.#unobserve = this.#census.then(observe);
  }

  /** A stay for one more sandbox. `leaveLast` is called when none is left. */
  stay(leaveLast: () => Promise<void>): Stay {
    this.#sandboxes++;
    return {
      group: this.#group,
      outside: this.#own,
      census: this.#census,
      leave: async () => {
        if (--this.#sandboxes === 0) await leaveLast();
      },
    };
  }

  /** Settles once we have moved in, or found that we cannot. */
  async movedIn(): Promise<void> {
    await this.#census;
  }

  /** Ends what nobody owns, and moves back. */
  async moveOut(): Promise<void> {
    (await this.#unobserve)();
    const census = await this.#census;
    if (census === everybody) return;
    const strays = {
      members: () => census.strays(),
      kill: () => census.strays().forEach((stray) => census.kill(stray)),
      release: () => undefined,
    };
    await new Ending(strays, undefined, { signal: 'KILL', graceMs: 0 }).stopped;
    await this.#return();
  }

  async #enter(): Promise<Census> {
    const group = this.#group;
    try {
      mkdirSync(group);
    } catch {
      return everybody;
    }
    if (await moveTo(group))
      return new Census({
        list: () => groupEntries(group),
        closed: true,
        force: (pid) => killApart(group, pid),
      });
    await this.#return();
    return everybody;
  }

  async #return(): Promise<void> {
    await moveTo(this.#own);
    removeGroup(this.#group);
  }
}

// What is true of a process as a whole can be kept nowhere else.
let residence: Residence | undefined;
let moving: Promise<unknown> = Promise.resolve();

/**
 * A stay in a control group of this process. We move into it ourselves, once for all sandboxes, so
 * that every child is born there and nothing it starts gets out: to move each child instead would
 * cost a wait for the whole kernel per launch, and come too late for what forks at once.
 * `undefined` where there are no control groups.
 */
export function stayInGroup(): Stay | undefined {
  if (!residence) {
    const own = groupAtFirst();
    if (own === undefined) return undefined;
    residence = new Residence(own, moving);
    moving = residence.movedIn();
  }
  const here = residence;
  return here.stay(async () => {
    residence = undefined;
    await (moving = moving.then(() => here.moveOut()));
  });
}

/** On a thread of its own: the kernel may take some 10 ms for it. */
const moveTo = (folder: string): Promise<boolean> =>
  writeFile(join(folder, 'cgroup.procs'), String(process.pid)).then(
    () => true,
    () => false,
  );
