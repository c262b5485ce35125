import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { docker } from './docker.ts';
import { Registry } from './docker-registry.ts';
import { HttpFiles } from './http-files.ts';
import { freePort } from './ports.ts';

import type { CorpusPlace } from './corpus-place.ts';

const shared = join(import.meta.dirname, '../corpus/imports/shared');
const who = { username: 'somebody', password: 'geheim-4711' };
const token = 'geheim-0815';

/** What pipelines of the corpus find outside: a private registry and a server with what they import. */
export class CorpusWorld implements AsyncDisposable {
  readonly #registry: Registry;
  readonly #server: HttpFiles;
  readonly #disposables: AsyncDisposableStack;

  private constructor(registry: Registry, server: HttpFiles, disposables: AsyncDisposableStack) {
    this.#registry = registry;
    this.#server = server;
    this.#disposables = disposables;
  }

  static async open(): Promise<CorpusWorld> {
    await using disposables = new AsyncDisposableStack();
    const registry = disposables.use(await Registry.start(docker, who));
    await registry.push('team/tool', '1');
    const server = disposables.use(
      await HttpFiles.start(({ url = '', headers }, response) => {
        if (headers.authorization === `token ${token}`)
          response.end(readFileSync(join(shared, url), 'utf8'));
        else response.writeHead(401).end();
      }),
    );
    return new CorpusWorld(registry, server, disposables.move());
  }

  /** Writes what is known only now in place of `<port>`, `<registry>` and the like. */
  async fill(args: readonly string[], place: CorpusPlace): Promise<readonly string[]> {
    const known: Readonly<Record<string, string>> = {
      port: String(await freePort()),
      volume: place.volume,
      registry: this.#registry.address,
      server: this.#server.at(''),
      workspace: place.dir,
    };
    return args.map((each) =>
      each.replaceAll(/<(\w+)>/g, (hole, name: string) => known[name] ?? hole),
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#disposables.disposeAsync();
  }
}
