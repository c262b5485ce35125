import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

import { imageOf } from '../images/images.ts';
import { followed } from './docker-progress.ts';
import { FaultProxy } from './fault-proxy.ts';
import { freePort } from './ports.ts';

import type Docker from 'dockerode';
import type { ImageName } from '../images/images.ts';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** An image in a registry, and no longer on the engine. */
export interface Pushed {
  readonly image: string;
  readonly byDigest: string;
}

/**
 * A real private registry on loopback, behind a proxy that counts what is asked of it and can break
 * it. With `credentials`, nobody else gets in. Disposing it takes its images from the engine too.
 */
export class Registry implements AsyncDisposable {
  readonly proxy: FaultProxy;
  /** The part of an image's name that is the registry. */
  readonly address: string;
  readonly #docker: Docker;
  readonly #credentials: Credentials | undefined;
  readonly #disposables: AsyncDisposableStack;

  private constructor(
    proxy: FaultProxy,
    address: string,
    docker: Docker,
    credentials: Credentials | undefined,
    disposables: AsyncDisposableStack,
  ) {
    this.proxy = proxy;
    this.address = address;
    this.#docker = docker;
    this.#credentials = credentials;
    this.#disposables = disposables;
  }

  static async start(docker: Docker, credentials?: Credentials): Promise<Registry> {
    await using disposables = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), 'continuo-registry-'));
    disposables.defer(() => rm(folder, { recursive: true }));

    const own = await freePort();
    const config = join(folder, 'config.yml');
    await writeFile(config, await configOf(folder, own, credentials));
    const server = spawn('docker-registry', ['serve', config], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = once(server, 'exit');
    const said = text(server.stderr);
    disposables.defer(async () => {
      server.kill('SIGKILL');
      await ended;
    });
    while (!(await answers(own))) {
      if (server.exitCode !== null) throw new Error(`docker-registry ended:\n${await said}`);
      await delay(20);
    }

    const port = await freePort();
    const proxy = disposables.use(await FaultProxy.start({ port }, { port: own }));
    return new Registry(proxy, `127.0.0.1:${port}`, docker, credentials, disposables.move());
  }

  /**
   * Puts an image into the registry: another one and a layer of so many random bytes that no engine
   * has yet.
   */
  async push(
    name: string,
    tag: string,
    from: ImageName = 'busybox',
    bytes = 1_000,
  ): Promise<Pushed> {
    const image = `${this.address}/${name}:${tag}`;
    const docker = this.#docker;
    const context = await mkdtemp(join(tmpdir(), 'continuo-image-'));
    try {
      await writeFile(join(context, 'bytes'), randomBytes(bytes));
      await writeFile(join(context, 'Dockerfile'), `FROM ${imageOf(from)}\nCOPY bytes /\n`);
      const src = ['Dockerfile', 'bytes'];
      await followed(docker, await docker.buildImage({ context, src }, { t: image }));
    } finally {
      await rm(context, { recursive: true });
    }
    const authconfig = { ...(this.#credentials ?? nobody), serveraddress: this.address };
    const pushing = docker.getImage(`${this.address}/${name}`).push({ tag, authconfig });
    await followed(docker, await pushing);
    const { RepoDigests } = await docker.getImage(image).inspect();
    await docker.getImage(image).remove();
    return { image, byDigest: RepoDigests[0]! };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { RepoTags, RepoDigests } of await this.#docker.listImages()) {
      const names = [...(RepoTags ?? []), ...(RepoDigests ?? [])];
      for (const name of names.filter((each) => each.startsWith(`${this.address}/`)))
        // The first name of an image may have taken the others with it.
        await this.#docker
          .getImage(name)
          .remove({ force: true })
          .catch(() => undefined);
    }
    await this.#disposables.disposeAsync();
  }
}

/** The engine wants some to push with, even where nobody asks for them. */
const nobody: Credentials = { username: 'nobody', password: 'nothing' };

async function configOf(folder: string, port: number, credentials?: Credentials): Promise<string> {
  const passwords = join(folder, 'htpasswd');
  if (credentials) {
    const { username, password } = credentials;
    const { stdout } = spawnSync('htpasswd', ['-nbB', username, password], { encoding: 'utf8' });
    await writeFile(passwords, stdout);
  }
  const auth = `auth: { htpasswd: { realm: test, path: ${passwords} } }`;
  return `version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage: { filesystem: { rootdirectory: ${folder} } }
http: { addr: '127.0.0.1:${port}' }
${credentials ? auth : ''}
`;
}

async function answers(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/v2/`).then(
    () => true,
    () => false,
  );
}
