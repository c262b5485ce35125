import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Contender } from './measure.ts';

const root = join(import.meta.dirname, '..');

/** One line of the table. */
export interface Row {
  readonly what: string;
  readonly ours: string;
  readonly against: string;
  readonly ratio: string;
  readonly atMost: string;
  readonly held: boolean;
}

/** What every case works with: a folder, and Continuo in it. */
export class Bench implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'continuo-bench-'));
  readonly node = process.execPath;

  /** The path of one of the programs beside this file. */
  program(name: string): string {
    return join(import.meta.dirname, 'programs', name);
  }

  /** A program that a package of the bench brings. */
  peer(name: string): string {
    return join(import.meta.dirname, 'node_modules', '.bin', name);
  }

  file(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  continuo(...args: string[]): Contender {
    return this.#program('continuo', args);
  }

  cix(...args: string[]): Contender {
    return this.#program('cix', args);
  }

  #program(name: string, args: readonly string[]): Contender {
    return {
      argv: [this.node, join(root, 'bin', `${name}.js`), ...args],
      cwd: this.folder,
      env: { CONTINUO_STATE_DIR: join(this.folder, 'state') },
    };
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export const ms = (value: number): string =>
  value < 10 ? `${value.toFixed(2)} ms` : `${value.toFixed(0)} ms`;
export const times = (value: number): string => `${value.toFixed(2)} x`;
export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

/** What CIX 2.7.4 took: it cannot be part of the bench. */
export const cix = (median: string): string => `(CIX: ${median})`;
