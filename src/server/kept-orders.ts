import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { parse } from 'node:path';

import * as z from 'zod/mini';

import { orderFile } from '../journal/order-file.ts';
import { isNothingOfOurs, runsFolder } from '../journal/state-dir.ts';
import { order } from './order.ts';
import { keyPath, removeKey, seal, unseal } from './seal.ts';

import type { Order } from './order.ts';

/** What a run that has not begun is kept by, so that no process needs to live for it. */
export interface Kept {
  readonly order: Order;
  /** Its order was taken at. */
  readonly at: number;
  /** When it begins by itself. Absent: it does not. */
  readonly begins?: BeginsAfter;
}

/** When a run begins by itself. */
export interface BeginsAfter {
  /** The id of the run that is to end before. */
  readonly after: string;
  /** However that ends. Otherwise only when it has succeeded. */
  readonly always: boolean;
}

const written = z.strictObject({
  order: z.omit(order, { secrets: true }),
  /** The secrets of the order. Absent: it has none. */
  sealed: z.optional(z.string()),
  at: z.number(),
  /** When it begins by itself. Absent: it does not. */
  link: z.optional(z.strictObject({ after: z.string(), always: z.boolean() })),
});

/** What a run is called as long as nobody has read its pipeline. */
export const nameOfOrder = ({ name, file }: Pick<Order, 'name' | 'file'>): string =>
  name ?? (file === undefined ? 'pipeline' : parse(URL.parse(file)?.pathname ?? file).name);

/** What a list tells of a run that is kept: nothing of it is secret. */
export interface Unbegun {
  readonly id: string;
  /** As its order calls it. */
  readonly pipeline: string;
  /** Its order was taken at. */
  readonly startedAt: number;
  /** The run after which it begins by itself. */
  readonly after?: string;
  /** What whoever ordered it finds it by. */
  readonly ticket?: string;
}

/** The same of one run; `undefined` when it is not kept. */
export function unbegun(stateDir: string, id: string): Unbegun | undefined {
  const known = readKept(stateDir, id);
  if (!known) return undefined;
  const { link: begins, order: wanted } = known;
  return {
    id,
    pipeline: nameOfOrder(wanted),
    startedAt: known.at,
    ...(begins && { after: begins.after }),
    ...(wanted.ticket !== undefined && { ticket: wanted.ticket }),
  };
}

/** The orders of runs that have not begun, in their folders. Secrets are sealed; without secrets, nothing is. */
export class KeptOrders {
  readonly #stateDir: string;
  readonly #serverDir: string;

  constructor(stateDir: string, serverDir: string) {
    this.#stateDir = stateDir;
    this.#serverDir = serverDir;
  }

  /** Keeps an order from now on, or what it has become. Throws what the file system throws. */
  put({ order: { secrets, ...open }, at, begins }: Kept): void {
    const hasSecrets = Object.keys(secrets).length > 0;
    const sealed = hasSecrets && seal(this.#serverDir, open.run, JSON.stringify(secrets));
    const file = orderFile(this.#stateDir, open.run);
    const kept: z.output<typeof written> = {
      ...{ order: open, at },
      ...(sealed !== false && { sealed }),
      ...(begins && { link: begins }),
    };
    writeFileSync(`${file}.new`, JSON.stringify(kept), { mode: 0o600 });
    chmodSync(`${file}.new`, 0o600);
    renameSync(`${file}.new`, file);
  }

  /** What a run is kept by. `undefined`: it is not, or nobody can open it any more. */
  get(run: string): Kept | undefined {
    const known = readKept(this.#stateDir, run);
    if (!known) return undefined;
    const { sealed, order: open, at, link: begins } = known;
    const secrets = sealed === undefined ? '{}' : unseal(this.#serverDir, run, sealed);
    if (secrets === undefined) return undefined;
    const whole = { ...open, secrets: JSON.parse(secrets) as Order['secrets'] };
    return { order: whole, at, ...(begins && { begins }) };
  }

  /** Removes the key when nothing is sealed by it; looks at these runs first. At once: what is sealed meanwhile would be lost. */
  tidy(loaded: readonly string[]): void {
    if (!existsSync(keyPath(this.#serverDir))) return;
    const isSealed = (run: string) => readKept(this.#stateDir, run)?.sealed !== undefined;
    if (loaded.some(isSealed) || readdirSync(runsFolder(this.#stateDir)).some(isSealed)) return;
    removeKey(this.#serverDir);
  }
}

/** `undefined`: there is none, or it is none of ours. Throws when there may be one, and it cannot be read in this moment. */
function readKept(stateDir: string, run: string): z.output<typeof written> | undefined {
  try {
    return written.parse(JSON.parse(readFileSync(orderFile(stateDir, run), 'utf8')));
  } catch (error) {
    if (isNothingOfOurs(error)) return undefined;
    throw error;
  }
}
