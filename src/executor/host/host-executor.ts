import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { fail, ok } from '../../base/result.ts';
import { programBeside } from '../common/beside.ts';
import { thisProcess } from '../common/owner.ts';
import { startWatch } from '../common/watch.ts';
import { Accounts, canActAs } from './account.ts';
import { baseline } from './baseline.ts';
import { HostSandbox } from './host-sandbox.ts';
import { KeptLease, leaseEnding } from './lease.ts';
import { stayInGroup, stayInTable } from './our-group.ts';
import { PipeStore } from './pipes.ts';
import { Scratch } from './scratch.ts';
import { SharedFolders } from './shared-folders.ts';

import type { Result } from '../../base/result.ts';
import type { Executor, OpenFailure, Sandbox, SandboxSpec, TaskWish } from '../executor.ts';

/** What the host executor is told by whoever makes it. */
export interface HostOptions {
  /** The environment that Continuo was called in. Tasks get a few variables of it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where later runs look for what a dead run left. Made when it is missing. */
  readonly leasesDir: string;
  /** Where scratch folders are made. Absent: the system's place for such. */
  readonly scratchRoot?: string;
  /** The program that ends a lease. Absent: `watchdog` beside this module. */
  readonly watchdogScript?: string;
  /** How process trees are kept together. `auto`: by control groups where we may make them. */
  readonly trees?: 'auto' | 'processTable';
}

/** How long a dead run's processes have after TERM. */
const orphanGraceMs = 10_000;

/** Runs tasks as processes of this machine. */
export class HostExecutor implements Executor {
  readonly name = 'host';
  readonly #options: HostOptions;
  readonly #accounts = new Accounts();

  constructor(options: HostOptions) {
    this.#options = options;
  }

  refusal({ image, user }: TaskWish): string | undefined {
    if (image !== undefined) return 'needs Docker: it has an image';
    if (user !== undefined && !canActAs(user))
      return `wants to run as the user '${user}', which on this machine only root can give it`;
    const account = user === undefined ? ok(undefined) : this.#accounts.find(user);
    if (!account.ok) return `wants to run as the user '${user}': ${account.failure}`;
    return undefined;
  }

  prepare(): void {
    // All that a task needs is on the machine.
  }

  async open(spec: SandboxSpec, signal: AbortSignal): Promise<Result<Sandbox, OpenFailure>> {
    if (process.platform === 'win32')
      return unavailable('steps cannot run on Windows itself; use a server, or WSL');
    if (signal.aborted) return unavailable('no longer wanted');
    try {
      return await this.#open(spec);
    } catch (error) {
      return unavailable((error as Error).message);
    }
  }

  async #open({
    runId,
    workspace,
    folders = [],
  }: SandboxSpec): Promise<Result<HostSandbox, OpenFailure>> {
    const { environment, leasesDir, scratchRoot = tmpdir(), trees = 'auto' } = this.#options;
    await using made = new AsyncDisposableStack();
    const id = randomUUID();
    const name = `${safeName(runId)}-${id}`;
    const stay = (trees === 'auto' ? stayInGroup() : undefined) ?? stayInTable();
    made.defer(() => stay.leave());
    const scratchFolder = join(scratchRoot, `continuo-${name}`);
    const file = join(leasesDir, `${name}${leaseEnding}`);
    // Before anything is made that somebody would have to remove if we were killed.
    const watching = startWatch({
      script:
        this.#options.watchdogScript ??
        programBeside(import.meta.filename, 'watchdog.js', 'watchdog.ts'),
      node: process.execPath,
      lease: file,
      graceMs: orphanGraceMs,
      group: stay.outside,
    });
    made.defer(async () => {
      const watch = await watching;
      if (watch.ok) await watch.value.dismiss();
    });
    // Now, and not a moment later: as soon as we wait for anything, the control group is made.
    const lease = made.use(
      new KeptLease(file, {
        runId,
        owner: thisProcess(),
        marker: `${id}.`,
        scratch: scratchFolder,
        ...(stay.group !== undefined && { group: stay.group }),
      }),
    );
    const watch = await watching;
    if (!watch.ok) return unavailable(watch.failure);
    const scratch = made.use(new Scratch(scratchFolder));
    const shared = new SharedFolders(scratch.folder, folders);
    const pipes = made.use(new PipeStore(scratch.folder));
    // From here on the sandbox removes it all.
    made.move();
    const sandbox = new HostSandbox({
      id,
      runId,
      workspace,
      environment: baseline(environment),
      accounts: this.#accounts,
      scratch,
      shared,
      pipes,
      lease,
      watch: watch.value,
      stay,
    });
    return ok(sandbox);
  }
}

const unavailable = (detail: string): Result<never, OpenFailure> =>
  fail({ kind: 'executorUnavailable', executor: 'host', detail });

/** The part of a name that can stand in a file's name anywhere. */
const safeName = (name: string): string => name.replace(/[^\w.-]/g, '_').slice(0, 60);
