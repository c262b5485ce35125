import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { SharedFolder } from '../executor.ts';
import type { Scratch } from './scratch.ts';

/** As a place for temporary files: who has made a file there is the only one who may remove it. */
const everybodys = 0o1777;
/** Where commands are looked for when nobody says so. */
const usualPath = '/usr/local/bin:/usr/bin:/bin';

/** The shared folders of a sandbox on this machine: inside its scratch folder, and gone with it. */
export class SharedFolders {
  /** Where they are, by their names. */
  readonly all: ReadonlyMap<string, string>;
  readonly #first: readonly string[];

  /** Makes them in a folder that only we can look into. */
  constructor(scratch: string, folders: readonly SharedFolder[]) {
    // Who is let through to them must know the way, and only tasks are told.
    const within = join(scratch, `shared-${randomUUID()}`);
    const places = folders.map(({ name, onPath }) => ({ name, onPath, path: join(within, name) }));
    if (places.length > 0) mkdirSync(within, { mode: 0o711 });
    for (const { path } of places) {
      mkdirSync(path);
      // In spite of our umask.
      chmodSync(path, everybodys);
    }
    this.all = new Map(places.map(({ name, path }) => [name, path]));
    this.#first = places.filter(({ onPath }) => onPath).map(({ path }) => path);
  }

  /** Lets a task of another user get to them. */
  openTo(scratch: Scratch): void {
    if (this.all.size > 0) scratch.letThrough();
  }

  /** The PATH of a task that has this environment, if it is another one because of them. */
  pathBefore({ PATH = usualPath }: Readonly<Record<string, string>>): { readonly PATH?: string } {
    return this.#first.length === 0 ? {} : { PATH: [...this.#first, PATH].join(':') };
  }
}
