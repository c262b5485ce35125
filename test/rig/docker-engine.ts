import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import Docker from 'dockerode';

import { imageOf } from '../images/images.ts';
import { followed } from './docker-progress.ts';

import type { ChildProcess } from 'node:child_process';
import type { ImageName } from '../images/images.ts';

/** Why no test can start an engine of its own here; false where one can. */
export const noPrivateEngine =
  process.getuid?.() === 0 && spawnSync('dockerd', ['--version']).status === 0
    ? false
    : 'only root can start dockerd, where it is installed';

/**
 * An engine of one test, to be stopped, killed and started again while others use theirs.
 * This machine reaches its containers by their addresses and published ports. They do not reach each
 * other where another engine is at work: that one drops what it does not know between bridges, and
 * this one leaves the rules of the machine alone.
 */
export class PrivateEngine implements AsyncDisposable {
  readonly docker: Docker;
  /** For `DOCKER_HOST`. */
  readonly host: string;
  readonly #folder: string;
  readonly #bridge: string;
  #daemon: ChildProcess | undefined;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#bridge = `ct-${folder.slice(-6)}`;
    const socketPath = join(folder, 'sock');
    this.host = `unix://${socketPath}`;
    this.docker = new Docker({ socketPath });
  }

  /** Starts one that has these images, which it takes from `source`. */
  static async start(
    source: Docker,
    images: readonly ImageName[] = ['busybox'],
  ): Promise<PrivateEngine> {
    const folder = await mkdtemp(join(tmpdir(), 'continuo-engine-'));
    const engine = new PrivateEngine(folder);
    await mkdir(join(folder, 'data'));
    await writeFile(join(folder, 'config'), '{}');
    engine.#addBridge();
    await engine.start();
    for (const name of images) {
      const files = await source.getImage(imageOf(name)).get();
      await followed(engine.docker, await engine.docker.loadImage(files));
    }
    return engine;
  }

  get pid(): number {
    return this.#daemon!.pid!;
  }

  /** Starts it, again after it ended. Settles when it answers. */
  async start(): Promise<void> {
    const at = (name: string) => join(this.#folder, name);
    const log = openSync(at('log'), 'a');
    const daemon = spawn(
      'dockerd',
      [
        ...['--config-file', at('config'), '--data-root', at('data'), '--exec-root', at('exec')],
        ...['--pidfile', at('pid'), '--host', this.host, '--bridge', this.#bridge],
        ...['--iptables=false', '--ip6tables=false', '--ip-forward=false', '--ip-masq=false'],
      ],
      {
        // Its containerd writes its stacks there when it is taken for dead.
        env: { ...process.env, TMPDIR: this.#folder },
        stdio: ['ignore', log, log],
      },
    );
    this.#daemon = daemon;
    while (!(await this.#answers())) {
      if (hasEnded(daemon)) throw new Error((await readFile(at('log'), 'utf8')).slice(-2_000));
      await delay(20);
    }
  }

  /** Ends it in good order: it stops its containers first. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** Ends it as a crash would: its containers go on, until it is started again. */
  async kill(): Promise<void> {
    const pidfile = join(this.#folder, 'exec', 'containerd', 'containerd.pid');
    const containerd = await readFile(pidfile, 'utf8');
    await this.#end('SIGKILL');
    // It goes with the engine, and the next engine would count on it as long as it can be seen.
    while (existsSync(`/proc/${containerd}`)) await delay(20);
  }

  /** Has it answer nobody, until it resumes. */
  pause(): void {
    this.#daemon!.kill('SIGSTOP');
  }

  resume(): void {
    this.#daemon!.kill('SIGCONT');
  }

  /** Removes every container and network first: they would outlive it. May be repeated. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!existsSync(this.#folder)) return;
    this.resume();
    if (hasEnded(this.#daemon!)) await this.start();
    for (const { Id } of await this.docker.listContainers({ all: true }))
      await this.docker.getContainer(Id).remove({ force: true, v: true });
    await this.docker.pruneNetworks();
    await this.stop();
    ip('link', 'delete', this.#bridge);
    // Each time that it was killed it left a mount of its data on top of the last one.
    while (spawnSync('umount', [join(this.#folder, 'data')]).status === 0);
    await rm(this.#folder, { recursive: true });
  }

  /**
   * Without a bridge, or with `--default-address-pool`, an engine removes `docker0` when it starts,
   * whosever that is.
   */
  #addBridge(): void {
    ip('link', 'add', this.#bridge, 'type', 'bridge');
    ip('addr', 'add', `10.212.${randomInt(256)}.1/24`, 'dev', this.#bridge);
    ip('link', 'set', this.#bridge, 'up');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const daemon = this.#daemon!;
    if (hasEnded(daemon)) return;
    const ended = once(daemon, 'exit');
    daemon.kill(signal);
    await ended;
  }

  #answers(): Promise<boolean> {
    return this.docker.ping().then(
      () => true,
      () => false,
    );
  }
}

const ip = (...args: readonly string[]): Buffer => execFileSync('ip', args);

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;
