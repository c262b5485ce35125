import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Running } from './cli.ts';

import type { ChildProcess } from 'node:child_process';
import type { Place, Told } from './cli.ts';

const bin = join(import.meta.dirname, '..', '..', 'bin', 'continuo.js');

/** What the keys send that a terminal makes a signal, or a stop, of. */
export const keys = {
  interrupt: '\x03',
  backspace: '\x7f',
  stop: '\x13',
  goOn: '\x11',
  enter: '\r',
  tab: '\t',
} as const;

/**
 * Continuo on a terminal of 80 columns and 24 rows that a test holds in its hand: what it types is
 * typed there, and `printed` sees what came to the screen. Disposing it hangs up.
 */
export class Terminal implements AsyncDisposable {
  readonly #script: ChildProcess;
  readonly #running: Running;

  constructor(place: Place, args: readonly string[], env: Record<string, string> = {}) {
    const words = [process.execPath, bin, ...args].map((word) => `'${word}'`).join(' ');
    const command = `stty cols 80 rows 24; exec ${words}`;
    this.#script = spawn('script', ['-qefc', command, '/dev/null'], {
      cwd: place.dir,
      env: {
        PATH: process.env['PATH'],
        SHELL: '/bin/sh',
        TERM: 'xterm',
        HOME: place.dir,
        TMPDIR: tmpdir(),
        LANG: 'C.UTF-8',
        CONTINUO_STATE_DIR: place.stateDir,
        CONTINUO_TEST_RUN: process.env['CONTINUO_TEST_RUN'],
        ...env,
      },
    });
    this.#running = new Running(this.#script);
  }

  /** What came to the screen, and the exit code of Continuo. */
  get told(): Promise<Told> {
    return this.#running.told;
  }

  type(text: string): void {
    this.#script.stdin!.write(text);
  }

  /** Nothing of what comes to the screen is read until `read` is called. */
  leave(): void {
    this.#script.stdout!.pause();
  }

  read(): void {
    this.#script.stdout!.resume();
  }

  /** Settles once nothing has come to the screen for a second, in which a picture is drawn often. */
  async still(): Promise<void> {
    const stdout = this.#script.stdout!;
    for (let quiet = false; !quiet;) {
      const more = once(stdout, 'data').then(() => false);
      const second = new Promise<boolean>((resolve) => {
        setTimeout(resolve, 1_000, true);
      });
      quiet = await Promise.race([more, second]);
    }
  }

  /** Settles once this has come to the screen. */
  printed(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#running.printed(pattern);
  }

  async hangUp(): Promise<void> {
    if (this.#running.hasEnded) return;
    this.#script.kill('SIGKILL');
    await once(this.#script, 'exit');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.hangUp();
  }
}
