import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A folder whose inside is seen in the containers of a sandbox, with the scripts of their tasks. On
 * this machine nobody else can get into it; in a container any user can read it.
 */
export class Scripts implements AsyncDisposable {
  /** What is mounted. */
  readonly folder: string;
  readonly #outer: string;
  readonly #placed = new Map<string, string>();

  /** Makes the folder, which must be nobody's yet. */
  constructor(outer: string) {
    this.#outer = outer;
    this.folder = join(outer, 'scripts');
    mkdirSync(outer, { mode: 0o700 });
    mkdirSync(this.folder);
    chmodSync(this.folder, 0o755);
  }

  /** Puts a script down, unless it is there, and answers its name in the folder. */
  place(text: string): string {
    const known = this.#placed.get(text);
    if (known !== undefined) return known;
    const name = String(this.#placed.size);
    const file = join(this.folder, name);
    writeFileSync(file, text);
    chmodSync(file, 0o755);
    this.#placed.set(text, name);
    return name;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#outer, { recursive: true, force: true }).catch(() => undefined);
  }
}
