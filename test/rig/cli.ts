import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { leasesDirOf } from '../../src/cli/world.ts';
import { readJournal } from '../../src/journal/journal-reader.ts';
import { runIds } from '../../src/journal/runs.ts';
import { journalPath } from '../../src/journal/state-dir.ts';
import { assertInvariants } from './invariants.ts';

import type { ChildProcess } from 'node:child_process';
import type { OutputRecord, Recorded, RunEvent } from '../../src/event/event.ts';

const programs = join(import.meta.dirname, '..', '..', 'bin');

export interface Told {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A folder to run the real command line in, with a state folder of its own. Disposing it proves
 * that nothing of its runs is left: no process that carries its mark, and no lease, which is the last
 * that a sandbox on this machine takes away.
 */
export class Place implements AsyncDisposable {
  readonly dir = mkdtempSync(join(tmpdir(), 'continuo-e2e-'));
  /** A word for commands of tests, by which their processes are found. */
  readonly mark = `mark-${this.dir.slice(-6)}`;
  readonly #children = new Set<ChildProcess>();
  readonly #user: User | undefined;

  /** With `user`, Continuo runs as that one; only root can have that. */
  constructor(user?: User) {
    this.#user = user;
    if (user) chownSync(this.dir, user.uid, user.gid);
  }

  get stateDir(): string {
    return join(this.dir, 'state');
  }

  /** Writes a file into the folder. */
  file(name: string, text: string): string {
    const path = join(this.dir, name);
    writeFileSync(path, text);
    return path;
  }

  /** Starts Continuo, or CIX's command line, and lets it go on. */
  start(
    args: readonly string[],
    env: Record<string, string> = {},
    program: 'continuo' | 'cix' = 'continuo',
  ): Running {
    const child = spawn(process.execPath, [join(programs, `${program}.js`), ...args], {
      cwd: this.dir,
      ...this.#user,
      env: {
        PATH: process.env['PATH'],
        HOME: this.dir,
        TMPDIR: tmpdir(),
        LANG: 'C.UTF-8',
        CONTINUO_STATE_DIR: this.stateDir,
        CONTINUO_TEST_RUN: process.env['CONTINUO_TEST_RUN'],
        DOCKER_HOST: process.env['DOCKER_HOST'],
        ...env,
      },
    });
    this.#children.add(child);
    return new Running(child);
  }

  /** Runs Continuo to its end. */
  continuo(args: readonly string[], env?: Record<string, string>): Promise<Told> {
    return this.start(args, env).told;
  }

  /** The same under the name of CIX. */
  cix(args: readonly string[], env?: Record<string, string>): Promise<Told> {
    return this.start(args, env, 'cix').told;
  }

  /** Writes a pipeline and runs it. Proves the invariants over what its journal holds. */
  async exec(
    yaml: string,
    args: readonly string[] = [],
    env?: Record<string, string>,
  ): Promise<Told> {
    const file = this.file('pipeline.yaml', yaml);
    const told = await this.continuo(['exec', ...args, file], env);
    if (told.code === 0 || told.code === 1) assertInvariants(await this.events());
    return told;
  }

  /** The events of the latest run. */
  async events(): Promise<Recorded<RunEvent>[]> {
    const events: Recorded<RunEvent>[] = [];
    for await (const record of this.#records()) if (record.type !== 'output') events.push(record);
    return events;
  }

  /** What one task of the latest run printed, as its journal has it. */
  async output(task: string): Promise<string> {
    const parts: Buffer[] = [];
    for await (const record of this.#records()) {
      if (record.type === 'output' && record.task === task) parts.push(Buffer.from(record.bytes));
    }
    return Buffer.concat(parts).toString();
  }

  async outputs(): Promise<Recorded<OutputRecord>[]> {
    const outputs: Recorded<OutputRecord>[] = [];
    for await (const record of this.#records()) {
      if (record.type === 'output') outputs.push({ ...record, bytes: Buffer.from(record.bytes) });
    }
    return outputs;
  }

  async *#records() {
    const [latest] = await runIds(this.stateDir);
    if (latest !== undefined) yield* readJournal(journalPath(this.stateDir, latest));
  }

  /** Processes whose command line or environment carries the mark of this place, and leases. */
  leftovers(): string[] {
    return [...processesWith(this.mark), ...processesWith(this.dir), ...this.#leases()];
  }

  #leases(): string[] {
    try {
      return readdirSync(leasesDirOf(this.stateDir)).filter((name) => name.endsWith('.lease'));
    } catch {
      return [];
    }
  }

  /** Settles once nothing of this place's runs is left. */
  async empty(): Promise<void> {
    await eventually(
      () => this.leftovers().length === 0,
      () => this.leftovers().join('\n'),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
    }
    await this.empty();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** Whom root can act as to have no more rights than anybody. */
export const nobody: User = { uid: 65_534, gid: 65_534 };

export interface User {
  readonly uid: number;
  readonly gid: number;
}

/** Continuo while it runs. */
export class Running {
  readonly child: ChildProcess;
  readonly told: Promise<Told>;
  #stdout = '';
  #stderr = '';
  #more = Promise.withResolvers<undefined>();

  constructor(child: ChildProcess) {
    this.child = child;
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
      this.#wake();
    });
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
      this.#wake();
    });
    this.told = once(child, 'close').then(([code, signal]) => {
      this.#wake();
      return {
        code: code as number | null,
        signal: signal as NodeJS.Signals | null,
        stdout: this.#stdout,
        stderr: this.#stderr,
      };
    });
  }

  get pid(): number {
    return this.child.pid!;
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /**
   * Settles once it has printed this. Throws when it ends without, or has not within so many
   * milliseconds, by default before the time of a test is up: then nobody would end it.
   */
  async printed(pattern: RegExp, atMostMs = 50_000): Promise<RegExpExecArray> {
    const late = AbortSignal.timeout(atMostMs);
    late.addEventListener('abort', () => this.#wake(), { once: true });
    for (;;) {
      const found = pattern.exec(this.#stdout) ?? pattern.exec(this.#stderr);
      if (found) return found;
      if (this.hasEnded || late.aborted)
        throw new Error(`${pattern} never came:\n${this.#stdout}${this.#stderr}`);
      await this.#more.promise;
    }
  }

  #wake(): void {
    this.#more.resolve(undefined);
    this.#more = Promise.withResolvers();
  }
}

/** Command lines of living processes that have this word in them or in their environment. */
export function processesWith(word: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      const line = readProc(pid, 'cmdline').replaceAll('\0', ' ').trim();
      const told = `${line}\0${readProc(pid, 'environ')}`;
      // A zombie has an empty command line: it has ended, and waits for its parent to look.
      return line !== '' && told.includes(word) ? [`${pid} ${line}`] : [];
    });
}

function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** Settles once something is so. The hard timeout of the test is the limit; `why` is told then. */
export async function eventually(isSo: () => boolean, why: () => string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error(`not so after 30 s:\n${why()}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}
