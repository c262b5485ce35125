import { readFileSync } from 'node:fs';

import { fail, ok } from '../../base/result.ts';
import { processTable } from '../common/process-table.ts';
import { archiveOf } from './archive.ts';
import { askAgain, messageOf } from './asking.ts';
import { bindingsFor, formsOf, hostNameOf } from './container-config.ts';
import { Container } from './container.ts';
import { idleProgram } from './idle-program.ts';
import { listenerAmong, listeningAmong } from './loopback-listeners.ts';

import type Docker from 'dockerode';
import type { ContainerCreateOptions, ContainerInspectInfo } from 'dockerode';
import type { Result } from '../../base/result.ts';
import type { HostsFile } from './container-config.ts';
import type { Listening, ProcessRef, SharedLoopback } from '../executor.ts';

/** What the one network of a sandbox is made of besides what its tasks ask for. */
export interface LoopbackParts {
  readonly docker: Docker;
  /** What the container is called that holds it. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly stage: string;
  readonly shared: SharedLoopback;
  /** Whether addresses of containers can be dialled from this machine. */
  readonly isDirect: boolean;
  /**
   * Writes a file that the engine sees, and answers its path. Podman rewrites the file of names that
   * the containers of one network share when one of them ends, and others find it empty meanwhile.
   */
  readonly keepHosts?: (text: string) => string;
}

/** A container that holds a network, and what the engine says of it. */
export interface LoopbackHolder {
  readonly container: Container;
  readonly state: ContainerInspectInfo;
  /** What containers that share its network are to find at `/etc/hosts`, if not what the engine has there. */
  readonly hosts?: HostsFile;
}

/**
 * The one network of all containers of a sandbox, as in a pod: a container holds it that does nothing
 * else, since every other one may end. It is made of the first image that is there.
 */
export class Loopback {
  readonly #parts: LoopbackParts;
  #holding: Promise<Result<LoopbackHolder, string>> | undefined;
  #holder: LoopbackHolder | undefined;

  constructor(parts: LoopbackParts) {
    this.#parts = parts;
  }

  /** Once it runs. It is tried again after a failure, which is a sentence. */
  hold(image: string, network: string, gateway: string): Promise<Result<LoopbackHolder, string>> {
    this.#holding ??= this.#make(image, network, gateway).then((made) => {
      if (made.ok) this.#holder = made.value;
      else this.#holding = undefined;
      return made;
    });
    return this.#holding;
  }

  /** What the engine says of the container that holds it, once it does. */
  get state(): ContainerInspectInfo | undefined {
    return this.#holder?.state;
  }

  /** The name of the container that holds it, once it does. */
  get holderName(): string | undefined {
    return this.#holder?.container.name;
  }

  /** Who listens on the port in there, as far as it can be seen from here. */
  async listenerOn(port: number): Promise<ProcessRef | undefined> {
    const pid = this.#visible();
    return pid === undefined ? undefined : listenerAmong(port, pid);
  }

  /** Whether it is a container that listens on the port in there, or a stranger to it. */
  async listening(port: number, container: Container): Promise<Listening> {
    if (this.#visible() === undefined) return { by: 'unknown' };
    const { State } = await container.inspect();
    return State.Pid > 0 ? listeningAmong(port, State.Pid) : { by: 'unknown' };
  }

  /** To be called when no other container is in it any more. */
  async close(): Promise<void> {
    await this.#holding;
    await this.#holder?.container.remove();
  }

  /** Its process, where processes of containers are seen from here. */
  #visible(): number | undefined {
    const pid = this.#holder?.state.State.Pid ?? 0;
    // Of an engine elsewhere, or in a machine of its own, the number is somebody else's here.
    return pid > 0 && processTable.commandOf(pid) === program ? pid : undefined;
  }

  async #make(
    image: string,
    network: string,
    gateway: string,
  ): Promise<Result<LoopbackHolder, string>> {
    const { docker, name } = this.#parts;
    let container: Container | undefined;
    try {
      const { Arch } = await askAgain(docker, () => docker.version());
      const idle = idleProgram(Arch);
      if (!idle)
        return fail(`containers on a machine of the kind '${Arch}' cannot share one network`);
      container = await Container.create(docker, name, this.#options(image, network, gateway));
      await container.put(archiveOf(folder, file, idle));
      await container.start();
      const state = await container.inspect();
      const hosts = this.#hostsOf(state);
      return ok({ container, state, ...(hosts && { hosts }) });
    } catch (error) {
      await container?.remove().catch(() => undefined);
      return fail(`no network can be shared: ${messageOf(error)}`);
    }
  }

  #hostsOf({ HostsPath, Config }: ContainerInspectInfo): HostsFile | undefined {
    const { keepHosts } = this.#parts;
    if (!keepHosts) return undefined;
    return { file: keepHosts(readFileSync(HostsPath, 'utf8')), hostName: Config.Hostname };
  }

  #options(image: string, network: string, gateway: string): ContainerCreateOptions {
    const { stage, labels, shared, isDirect } = this.#parts;
    const ports = bindingsFor(isDirect ? [] : shared.ports);
    const names = formsOf(shared.names).filter((each) => /^[\w.-]+$/.test(each));
    return {
      Image: image,
      // What the image says may be nobody that it knows.
      User: '0',
      Hostname: hostNameOf(stage),
      Entrypoint: [program],
      Cmd: [],
      // It has nothing to do before its end, and cannot hear of any other signal.
      StopSignal: 'SIGKILL',
      Labels: { ...labels },
      Healthcheck: { Test: ['NONE'] },
      ExposedPorts: Object.fromEntries(Object.keys(ports).map((key) => [key, {}])),
      HostConfig: {
        NetworkMode: network,
        PortBindings: ports,
        ExtraHosts: [
          `host.docker.internal:${gateway}`,
          ...names.map((each) => `${each}:127.0.0.1`),
        ],
      },
    };
  }
}

const folder = 'continuo';
const file = 'idle';
const program = `/${folder}/${file}`;
