import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { fail, ok } from '../../base/result.ts';
import { shortIdOf } from '../../base/short-id.ts';
import { ContainerMaker } from './container-maker.ts';
import { DockerSandbox } from './docker-sandbox.ts';
import { EngineEvents } from './engine-events.ts';
import { HostDoor } from './host-door.ts';
import { Images } from './images.ts';
import { labelOf, labelsFor } from './labels.ts';
import { leaseSandbox } from './lease.ts';
import { Loopback } from './loopback.ts';
import { makeNetwork, useNetwork } from './network.ts';
import { portHolder } from './port-holder.ts';
import { Scripts } from './scripts.ts';
import { makeVolumes } from './shared-volumes.ts';

import type { Result } from '../../base/result.ts';
import type {
  Executor,
  ImageProgress,
  OpenFailure,
  Sandbox,
  SandboxSpec,
  TaskWish,
} from '../executor.ts';
import type { Connection } from './connect.ts';
import type { Environment } from './endpoint.ts';

/** What the Docker executor is told by whoever makes it. */
export interface DockerOptions {
  readonly connection: Connection;
  /** The environment that Continuo was called in. */
  readonly environment: Environment;
  /** Where later runs look for what a dead run left. Made when it is missing. */
  readonly leasesDir: string;
  /** Where scratch folders are made. Absent: the system's place for such. */
  readonly scratchRoot?: string;
  /** Containers that fail are not removed before their sandbox closes, which may be kept. */
  readonly keep?: boolean;
}

/** How the names begin of what a stage has no other name for. */
const ours = 'continuo';

/** Runs tasks as containers of a Docker engine, or of one that answers like it. */
export class DockerExecutor implements Executor {
  readonly name = 'docker';
  readonly #options: DockerOptions;
  readonly #shortIds = new Set<string>();
  #images: Images | undefined;
  #warn: (text: string) => void = () => undefined;

  constructor(options: DockerOptions) {
    this.#options = options;
  }

  refusal({ image }: TaskWish): string | undefined {
    return image === undefined ? 'has no image, so that it cannot run in a container' : undefined;
  }

  prepare(
    wishes: readonly TaskWish[],
    told: (progress: ImageProgress) => void,
    signal: AbortSignal,
  ): void {
    const images = this.#imagesFor(told);
    for (const { image, container = {} } of wishes)
      if (image !== undefined)
        void images.have(image, container.pull ?? 'by-tag', container.registry, signal);
  }

  async open(spec: SandboxSpec, signal: AbortSignal): Promise<Result<Sandbox, OpenFailure>> {
    const { runId, stage, workspace, prefix, folders = [], warn = () => undefined } = spec;
    if (signal.aborted) return unavailable('no longer wanted');
    const {
      connection,
      environment,
      leasesDir,
      scratchRoot = tmpdir(),
      keep = false,
    } = this.#options;
    const { docker, endpoint, kind } = connection;
    this.#warn = warn;
    const id = randomUUID();
    const short = id.slice(0, 8);
    const name =
      prefix === undefined ? `${ours}-${short}` : `${prefix}-${this.#named(runId, short)}`;
    // An engine elsewhere does not see our files.
    const isHere = endpoint.kind === 'socket';
    const scratch = isHere ? join(scratchRoot, `${ours}-${short}`) : undefined;
    await using made = new AsyncDisposableStack();
    const lease = await leaseSandbox({
      leasesDir,
      runId,
      sandbox: id,
      endpoint,
      environment,
      ...(scratch !== undefined && { scratch }),
    });
    if (!lease.ok) return unavailable(lease.failure);
    const held = made.use(lease.value);
    try {
      const scripts = scratch === undefined ? undefined : made.use(new Scripts(scratch));
      const events = made.use(new EngineEvents(docker, labelOf(id)));
      const owner = { runId, stage, sandbox: id, keep };
      const asked = environment['DOCKER_NETWORK'] ?? '';
      const network =
        asked === '' ? makeNetwork(docker, name, labelsFor(owner)) : useNetwork(docker, asked);
      const volumes = makeVolumes(docker, name, folders, { labels: labelsFor(owner), isHere });
      const direct = isDirect(connection, environment);
      const loopback = spec.sharesLoopback && {
        docker,
        name: `${name}-network`,
        labels: labelsFor({ ...owner, isHolder: true }),
        stage,
        shared: spec.sharesLoopback,
        isDirect: direct,
        ...(kind === 'podman' &&
          scripts && {
            keepHosts: (text: string) => join(scripts.folder, scripts.place(text)),
          }),
      };
      let door: HostDoor | undefined;
      made.move();
      return ok(
        new DockerSandbox({
          images: this.#images ?? this.#imagesFor(() => undefined),
          network,
          volumes,
          events,
          scripts,
          maker: new ContainerMaker(docker, name, scripts),
          common: {
            runId,
            workspace,
            init: true,
            ...(scripts && { scripts: scripts.folder }),
            ...(kind === 'docker' && { logs: keptLogs }),
          },
          loopback: loopback && new Loopback(loopback),
          isDirect: direct,
          machine: connection.machine,
          // Podman does not know the gateway of a network without root, but has a name of its own.
          hostName:
            kind === 'podman' && !direct ? 'host.containers.internal' : 'host.docker.internal',
          labelsOf: (task) => labelsFor(owner, task),
          doorAt: (gateway) => (door ??= new HostDoor(gateway)),
          holderOf: (port) => portHolder(docker, port, direct),
          warn,
          keepsFailed: keep,
          forgetsCodes: kind === 'podman',
          async close(how) {
            events[Symbol.dispose]();
            await door?.[Symbol.asyncDispose]();
            if (how !== 'kept') await scripts?.[Symbol.asyncDispose]();
            if (how === 'kept') await held.keep();
            if (how === 'clean') await held[Symbol.asyncDispose]();
          },
        }),
      );
    } catch (error) {
      return unavailable((error as Error).message);
    }
  }

  /**
   * What whoever knows the run can name the things of its first sandbox by, such as the files of its
   * logs are named. Further ones have ids of their own.
   */
  #named(runId: string, short: string): string {
    const id = shortIdOf(runId);
    if (this.#shortIds.has(id)) return short;
    this.#shortIds.add(id);
    return id;
  }

  #imagesFor(told: (progress: ImageProgress) => void): Images {
    const { connection, environment } = this.#options;
    this.#images = new Images(connection.docker, {
      told,
      warn: (text) => this.#warn(text),
      environment,
    });
    return this.#images;
  }
}

/**
 * Kept whole until the container goes, so that a connection that breaks loses nothing. The reasons
 * for this driver are in decision 9.
 */
export const keptLogs = {
  Type: 'local',
  Config: { 'max-size': '1024g', 'max-file': '1', compress: 'false' },
};

/** Engines in a virtual machine, or without root, have networks that nothing leads to from here. */
function isDirect({ endpoint }: Connection, environment: Environment): boolean {
  if (process.platform !== 'linux' || endpoint.kind !== 'socket') return false;
  const runtime = environment['XDG_RUNTIME_DIR'];
  const isUsers = runtime !== undefined && endpoint.path.startsWith(runtime);
  return !isUsers && !endpoint.path.includes('/.docker/');
}

const unavailable = (detail: string): Result<never, OpenFailure> =>
  fail({ kind: 'executorUnavailable', executor: 'docker', detail });
