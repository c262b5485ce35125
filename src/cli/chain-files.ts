import { statSync } from 'node:fs';
import { resolve } from 'node:path';

import { isAddress } from '../base/is-address.ts';

import type { ReadPipelines } from './read-pipelines.ts';
import type { Link } from './chain.ts';

/**
 * The files of a chain, read before anything runs, and again when it is their turn, since what runs
 * before them may write them.
 */
export class ChainFiles {
  readonly #links: readonly Link[];
  readonly #cwd: string;
  readonly #read: (file: string) => Promise<ReadPipelines>;
  readonly #atStart = new Map<string, ReadPipelines>();

  constructor(links: readonly Link[], cwd: string, read: (file: string) => Promise<ReadPipelines>) {
    this.#links = links;
    this.#cwd = cwd;
    this.#read = read;
  }

  /** Each file that is there, once; the first one even when it is not: nobody could write it. */
  async atStart(): Promise<ReadonlyMap<string, ReadPipelines>> {
    for (const [index, { file }] of this.#links.entries()) {
      const isThere = index === 0 || kindOf(file, this.#cwd) !== 'missing';
      if (isThere && !this.#atStart.has(file)) this.#atStart.set(file, await this.#read(file));
    }
    return this.#atStart;
  }

  /** The file as it is now. A pipe, which can be read only once, as it was. */
  async atTurn({ file }: Link, hasAnythingRun: boolean): Promise<ReadPipelines> {
    const before = this.#atStart.get(file);
    if (before && (!hasAnythingRun || kindOf(file, this.#cwd) === 'other')) return before;
    return this.#read(file);
  }
}

function kindOf(file: string, cwd: string): 'missing' | 'file' | 'other' {
  if (isAddress(file)) return 'file';
  try {
    const found = statSync(resolve(cwd, file), { throwIfNoEntry: false });
    if (!found) return 'missing';
    return found.isFile() ? 'file' : 'other';
  } catch {
    // Whoever reads it says why.
    return 'file';
  }
}
