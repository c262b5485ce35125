import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import Docker from 'dockerode';

import { imageOf } from '../images/images.ts';
import { processesWith } from './cli.ts';
import { followed } from './docker-progress.ts';

import type { ChildProcess } from 'node:child_process';
import type { ImageName } from '../images/images.ts';

/** What it is made of: Debian has a package of the same name for each. */
const needed = ['podman', 'netavark', 'aardvark-dns', 'catatonit', 'iptables'];
const folders = ['/usr/sbin', '/usr/lib/podman', ...(process.env['PATH'] ?? '').split(delimiter)];

/** Why this machine can have no Podman of a test. `undefined`: it can. */
export function podmanMissing(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root on Linux can';
  const missing = needed.filter(
    (program) => !folders.some((folder) => existsSync(join(folder, program))),
  );
  return missing.length === 0 ? undefined : `apt-get install ${missing.join(' ')}`;
}

/**
 * A Podman of one test with all that is its own, a network of the machine's kind included: it makes
 * rules for packets, which the engine beside it would have to live with. Who is to reach its
 * containers, or to be reached by them, has to run in there.
 */
export class PrivatePodman implements AsyncDisposable {
  readonly docker: Docker;
  /** For `DOCKER_HOST`. */
  readonly host: string;
  readonly #folders: readonly [string, string];
  readonly #service: ChildProcess;

  private constructor(folders: readonly [string, string], service: ChildProcess) {
    const socketPath = join(folders[0], 'sock');
    this.#folders = folders;
    this.#service = service;
    this.host = `unix://${socketPath}`;
    this.docker = new Docker({ socketPath });
  }

  /** Starts one that has these images, which it takes from `source`. */
  static async start(source: Docker, images: readonly ImageName[]): Promise<PrivatePodman> {
    const folder = await mkdtemp(join(tmpdir(), 'continuo-podman-'));
    const at = (name: string): string => join(folder, name);
    // It wants one of at most fifty letters.
    const runFolder = await mkdtemp('/tmp/continuo-podman-');
    await writeFile(at('containers.conf'), settings());
    const log = openSync(at('log'), 'a');
    const service = spawn(
      'unshare',
      [
        ...['--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh', 'podman'],
        ...['--root', at('root'), '--runroot', runFolder, '--tmpdir', at('tmp')],
        ...['--network-config-dir', at('net'), 'system', 'service', '--time=0'],
        `unix://${at('sock')}`,
      ],
      {
        // Where memory runs out in a container, what watches over it leaves an empty file.
        cwd: folder,
        env: { ...process.env, CONTAINERS_CONF: at('containers.conf') },
        stdio: ['ignore', log, log],
      },
    );
    const podman = new PrivatePodman([folder, runFolder], service);
    while (!(await podman.#answers())) {
      if (service.exitCode !== null) throw new Error(await readFile(at('log'), 'utf8'));
      await delay(50);
    }
    for (const name of images) {
      const files = await source.getImage(imageOf(name)).get();
      await followed(podman.docker, await podman.docker.loadImage(files));
    }
    return podman;
  }

  /** Runs a program where the containers are, as if it were this one. Settles with its exit code. */
  async run(words: readonly string[], env: Readonly<Record<string, string>>): Promise<number> {
    const network = `--net=/proc/${this.#service.pid}/ns/net`;
    const program = spawn('nsenter', [network, ...words], {
      env: { ...process.env, ...env, DOCKER_HOST: this.host },
      stdio: 'inherit',
    });
    const [code] = (await once(program, 'exit')) as [number | null];
    return code ?? 1;
  }

  /** Removes every container and network first: they would outlive it. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const { Id } of await this.docker.listContainers({ all: true }))
      await this.docker.getContainer(Id).remove({ force: true, v: true });
    await this.docker.pruneNetworks();
    const ended = once(this.#service, 'exit');
    this.#service.kill();
    await ended;
    // What has watched over a command in a container stays for five minutes more.
    for (const line of processesWith(this.#folders[0]))
      process.kill(Number.parseInt(line, 10), 'SIGKILL');
    // It has mounted its own folder over itself.
    await once(
      spawn('umount', [join(this.#folders[0], 'root/overlay')], { stdio: 'ignore' }),
      'exit',
    );
    for (const each of this.#folders) await rm(each, { recursive: true });
  }

  #answers(): Promise<boolean> {
    return this.docker.ping().then(
      () => true,
      () => false,
    );
  }
}

/** Podman gives containers higher limits than it has itself where nobody forbids that. */
function settings(): string {
  const limits = readFileSync('/proc/self/limits', 'utf8');
  const limit = (name: string): number =>
    Number(new RegExp(`^${name} +\\S+ +(\\d+)`, 'm').exec(limits)?.[1] ?? Infinity);
  const files = Math.min(limit('Max open files'), 1_048_576);
  const pids = Number(readFileSync('/proc/sys/kernel/pid_max', 'utf8'));
  const processes = Math.min(limit('Max processes'), pids);
  return `[containers]
default_ulimits = ["nofile=${files}:${files}", "nproc=${processes}:${processes}"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
[network]
network_backend = "netavark"
`;
}
