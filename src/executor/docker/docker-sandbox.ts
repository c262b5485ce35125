import { fail, ok } from '../../base/result.ts';
import { messageOf } from './asking.ts';
import { ownAddress, publishedAddress } from './container-address.ts';
import { hostNameOf } from './container-config.ts';
import { ContainersAhead } from './containers-ahead.ts';
import { DockerTask } from './docker-task.ts';
import { toDoubts } from './doubts.ts';
import { toLaunchFailure } from './launch-failure.ts';
import { portsAmong } from './loopback-listeners.ts';
import { readAhead } from './read-ahead.ts';

import type { Readable } from 'node:stream';
import type { Result } from '../../base/result.ts';
import type { ContainerInspectInfo } from 'dockerode';
import type {
  Address,
  Exit,
  LaunchFailure,
  ProcessRef,
  Reached,
  Sandbox,
  TaskSpec,
} from '../executor.ts';
import type { Container } from './container.ts';
import type { Common, ContainerMaker, MadeContainer } from './container-maker.ts';
import type { EngineEvents } from './engine-events.ts';
import type { HostDoor } from './host-door.ts';
import type { ImageFacts } from './image-facts.ts';
import type { Images } from './images.ts';
import type { Loopback, LoopbackHolder } from './loopback.ts';
import type { SandboxNetwork } from './network.ts';
import type { Scripts } from './scripts.ts';
import type { SharedVolume } from './shared-volumes.ts';

/** What `DockerExecutor` makes for a sandbox. */
export interface DockerSandboxParts {
  readonly images: Images;
  /** Settles once it is there; a container can be started only then. */
  readonly network: Promise<Result<SandboxNetwork, string>>;
  /** Settles once they are there; a container can be made only then. */
  readonly volumes: Promise<Result<readonly SharedVolume[], string>>;
  readonly events: EngineEvents;
  readonly scripts: Scripts | undefined;
  readonly maker: ContainerMaker;
  readonly common: Omit<Common, 'network' | 'holder' | 'gateway' | 'volumes'>;
  /** The one network of all its containers. Absent: each has its own place in the sandbox's. */
  readonly loopback: Loopback | undefined;
  /** Whether the addresses of containers can be dialled from this machine. */
  readonly isDirect: boolean;
  /** By which name the machine of the engine is reached from this one. */
  readonly machine: string;
  /** And by which one from its containers. */
  readonly hostName: string;
  labelsOf(task: string): Readonly<Record<string, string>>;
  /** Opens the way for containers to what listens on this machine only. */
  doorAt(gateway: string): HostDoor;
  /** Who has a port of the engine's machine, where that can be seen. */
  holderOf(port: number): Promise<ProcessRef | undefined>;
  warn(text: string, about?: string): void;
  /** A container that failed is not removed before the end. */
  readonly keepsFailed: boolean;
  /** The engine says 0 of a container that it has removed in the meantime. */
  readonly forgetsCodes: boolean;
  /** Whatever there is to do when nothing of the sandbox is left, or it is kept. */
  close(how: 'clean' | 'unclean' | 'kept'): Promise<void>;
}

/** The tasks of one stage as containers of an engine. */
export class DockerSandbox implements Sandbox {
  readonly #parts: DockerSandboxParts;
  readonly #tasks = new Set<DockerTask>();
  /** The latest of each name. */
  readonly #latest = new Map<string, { task: DockerTask; state: ContainerInspectInfo }>();
  readonly #ahead = new ContainersAhead();
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();
  #closed: Promise<void> | undefined;
  #isOnHost = false;
  #lost: unknown;
  /** What is not removed before the end, because it may be kept. */
  readonly #failed: { container: Container; spec: TaskSpec }[] = [];
  #isKept = false;

  constructor(parts: DockerSandboxParts) {
    this.#parts = parts;
    void parts.network.then((network) => {
      this.#isOnHost = network.ok && network.value.name === 'host';
    });
  }

  async launch(spec: TaskSpec, signal: AbortSignal): Promise<Result<DockerTask, LaunchFailure>> {
    if (signal.aborted || this.#closed) return fail({ kind: 'abandoned' });
    return this.#hold(this.#launch(spec, signal));
  }

  prepare(spec: TaskSpec): void {
    if (this.#closed) return;
    const { signal } = this.#closing;
    const make = (): Promise<Result<MadeContainer, LaunchFailure>> =>
      this.#make(spec, this.#imageOf(spec, signal, true), signal, true);
    this.#ahead.begin(spec, () => this.#hold(make()));
  }

  async keep(): Promise<readonly string[]> {
    await this.#ahead.discardAll().catch((error: unknown) => this.#lose(error));
    this.#isKept = true;
    return this.#waysIn();
  }

  async listenerOn(port: number): Promise<ProcessRef | undefined> {
    // Else each container has ports of its own.
    return this.#loopback?.listenerOn(port);
  }

  addressOf(name: string, port: number): Address {
    return { host: this.#isOnHost || this.#loopback ? 'localhost' : hostNameOf(name), port };
  }

  addressOfHost({ host, port }: Address): Address {
    const isHere = host === 'localhost' || host.startsWith('127.');
    return { host: isHere && !this.#isOnHost ? this.#parts.hostName : host, port };
  }

  addressFromHost(task: string, port: number): Address | undefined {
    const latest = this.#latest.get(task);
    return latest && this.#addressFromHost(latest.state, port);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /** On the network of the machine, nobody has to hold what all share. */
  get #loopback(): Loopback | undefined {
    return this.#isOnHost ? undefined : this.#parts.loopback;
  }

  async #launch(spec: TaskSpec, signal: AbortSignal): Promise<Result<DockerTask, LaunchFailure>> {
    const wanted = AbortSignal.any([signal, this.#closing.signal]);
    const image = this.#imageOf(spec, wanted, false);
    const ahead = await this.#ahead.take(spec, image, signal, (work) => this.#rid(work));
    const made = ahead ?? (await this.#make(spec, image, wanted, false));
    if (!made.ok) return made;
    const { container, attached, isHeld } = made.value;
    if (this.#isUnwanted(signal)) return this.#abandon(made.value);
    try {
      await this.#openDoors(spec);
      const output = readAhead(attached);
      if (isHeld) attached.write('\n');
      else await this.#parts.maker.start(container, wanted);
      if (this.#isUnwanted(signal)) return await this.#abandon(made.value);
      const task = await this.#toTask(spec, made.value, output);
      if (!this.#isUnwanted(signal)) return ok(task);
      await task.stop({ signal: 'KILL', graceMs: 0 });
      task.release();
      return fail({ kind: 'abandoned' });
    } catch (error) {
      if (this.#isUnwanted(signal)) return this.#abandon(made.value);
      attached.destroy();
      await container.remove().catch((gone: unknown) => this.#lose(gone));
      return fail(await this.#blame(toLaunchFailure(error, spec, this.#parts.common.workspace)));
    }
  }

  /** Names who has a port that is taken. */
  async #blame(failure: LaunchFailure): Promise<LaunchFailure> {
    if (failure.kind !== 'portTaken') return failure;
    const by = await this.#parts.holderOf(failure.port);
    return { ...failure, ...(by && { by }) };
  }

  async #make(
    spec: TaskSpec,
    had: Promise<Result<ImageFacts, LaunchFailure>>,
    signal: AbortSignal,
    early: boolean,
  ): Promise<Result<MadeContainer, LaunchFailure>> {
    const { network, volumes, maker, common, isDirect } = this.#parts;
    const [image, net, shared] = await Promise.all([had, network, volumes]);
    if (!image.ok) return image;
    if (!net.ok) return fail({ kind: 'environment', detail: net.failure });
    if (!shared.ok) return fail({ kind: 'environment', detail: shared.failure });
    if (signal.aborted) return fail({ kind: 'abandoned' });
    if (spec.run.kind === 'image' && !spec.run.arguments && !image.value.hasCommand)
      return fail({
        kind: 'refused',
        detail: 'its image has nothing to start: give it `commands`',
      });
    const gateway = isDirect ? (net.value.gateway ?? 'host-gateway') : 'host-gateway';
    const held = await this.#holderFor(spec, image.value, net.value.name, gateway);
    if (!held.ok) return held;
    return maker.make(
      spec,
      image.value,
      {
        ...common,
        network: net.value.name,
        ...(held.value && { holder: held.value.container.id }),
        ...(held.value?.hosts && { hosts: held.value.hosts }),
        volumes: shared.value,
        gateway,
        labels: this.#parts.labelsOf(spec.name),
        publish: isDirect ? [] : (spec.container?.ownPorts ?? []),
      },
      early,
      signal,
    );
  }

  /** Who holds the network that the task's container is to share, if it is to share one. */
  async #holderFor(
    { container }: TaskSpec,
    image: ImageFacts,
    network: string,
    gateway: string,
  ): Promise<Result<LoopbackHolder | undefined, LaunchFailure>> {
    if (!this.#loopback) return ok(undefined);
    if ((container?.ports ?? []).length > 0)
      return fail({
        kind: 'refused',
        detail:
          'it asks for a port of this machine, which no container of a stage that shares one network can have',
      });
    const held = await this.#loopback.hold(image.id, network, gateway);
    return held.ok ? held : fail({ kind: 'environment', detail: held.failure });
  }

  #imageOf(
    { image, container = {} }: TaskSpec,
    signal: AbortSignal,
    early: boolean,
  ): Promise<Result<ImageFacts, LaunchFailure>> {
    if (image === undefined)
      return Promise.resolve(fail({ kind: 'refused', detail: 'it has no image' }));
    const { images } = this.#parts;
    const { pull = 'by-tag', registry } = container;
    return early
      ? images.expect(image, pull, registry, signal)
      : images.have(image, pull, registry, signal);
  }

  async #toTask(
    spec: TaskSpec,
    { container, image }: MadeContainer,
    output: Readable,
  ): Promise<DockerTask> {
    const { events, scripts, common } = this.#parts;
    const state = this.#loopback?.state ?? (await container.inspect());
    const { healthcheck } = image;
    const loopback = this.#loopback;
    const task = new DockerTask({
      spec,
      container,
      output,
      events,
      scripts,
      reach: (port) =>
        this.#ownAddress(state, port) ??
        this.#published(state, port) ??
        this.#addressFromHost(state, port) ?? { host: 'localhost', port },
      listens: (port) => loopback?.listening(port, container) ?? Promise.resolve({ by: 'unknown' }),
      ports: async () => portsAmong((await container.inspect()).State.Pid, container.id),
      sharesLoopback: loopback !== undefined,
      healthcheck: healthcheck && { kind: 'argv', argv: healthcheck },
      doubts: (said) => toDoubts(spec, image, common.workspace, said),
      forgetsCodes: this.#parts.forgetsCodes,
      onEnded: (ended, exit) => void this.#hold(this.#clear(ended, container, exit)),
    });
    this.#tasks.add(task);
    this.#latest.set(spec.name, { task, state });
    return task;
  }

  /** Takes a container away whose task has ended, once its last words are read. */
  async #clear(task: DockerTask, container: Container, exit: Exit): Promise<void> {
    const isGood = exit.kind === 'code' && exit.code === 0;
    // It is in the container, and goes with it.
    if (isGood) await task.outputs();
    await Promise.race([task.drained, this.#isClosing()]);
    this.#tasks.delete(task);
    if (this.#latest.get(task.name)?.task === task) this.#latest.delete(task.name);
    if (this.#parts.keepsFailed && !isGood) {
      this.#failed.push({ container, spec: task.spec });
      await this.#isClosing();
    }
    if (!this.#isKept) await container.remove().catch((error: unknown) => this.#lose(error));
  }

  #addressFromHost(state: ContainerInspectInfo, port: number): Address | undefined {
    if (this.#isOnHost) return { host: this.#parts.machine, port };
    const published = this.#published(state, port);
    return published
      ? { host: published.host, port: published.port }
      : this.#ownAddress(state, port);
  }

  #published(state: ContainerInspectInfo, port: number): Reached | undefined {
    return publishedAddress(state, port, this.#parts.machine);
  }

  #ownAddress(state: ContainerInspectInfo, port: number): Address | undefined {
    return this.#parts.isDirect && !this.#isOnHost ? ownAddress(state, port) : undefined;
  }

  async #openDoors({ container }: TaskSpec): Promise<void> {
    const network = await this.#parts.network;
    if (!network.ok || network.value.gateway === undefined || !this.#parts.isDirect) return;
    const door = this.#parts.doorAt(network.value.gateway);
    await Promise.all((container?.hostPorts ?? []).map((port) => door.open(port)));
  }

  #isUnwanted(signal: AbortSignal): boolean {
    return signal.aborted || this.#closed !== undefined;
  }

  async #abandon({ container, attached }: MadeContainer): Promise<Result<never, LaunchFailure>> {
    // What nobody reads would keep this process from ending.
    attached.destroy();
    await container.remove().catch((error: unknown) => this.#lose(error));
    return fail({ kind: 'abandoned' });
  }

  /** Has the closing wait for something to be gone. */
  #rid(work: Promise<void>): void {
    void this.#hold(work.catch((error: unknown) => this.#lose(error)));
  }

  /** Has the closing wait for it. */
  async #hold<T>(work: Promise<T>): Promise<T> {
    const settled = work.catch(() => undefined);
    this.#underWay.add(settled);
    void settled.then(() => this.#underWay.delete(settled));
    return work;
  }

  #isClosing(): Promise<void> {
    const { signal } = this.#closing;
    return new Promise((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    if (this.#isKept) {
      for (const task of this.#tasks) task.release();
      await this.#parts.close('kept');
      return;
    }
    this.#rid(this.#ahead.discardAll());
    // What is just being made or started becomes something to be ended first.
    do {
      for (const task of this.#tasks) void this.#hold(this.#end(task));
      await Promise.all(this.#underWay);
    } while (this.#underWay.size > 0 || this.#tasks.size > 0);
    await this.#loopback?.close().catch((error: unknown) => this.#lose(error));
    const [network, volumes] = await Promise.all([this.#parts.network, this.#parts.volumes]);
    const made = [...(network.ok ? [network.value] : []), ...(volumes.ok ? volumes.value : [])];
    await Promise.all(
      made.map((each) => each.close().catch((error: unknown) => this.#lose(error))),
    );
    await this.#parts.close(this.#lost === undefined ? 'clean' : 'unclean');
  }

  /** The commands by which one gets into what runs, and to where something failed. */
  async #waysIn(): Promise<string[]> {
    const network = await this.#parts.network;
    const holder = this.#loopback?.holderName;
    const own = network.ok ? network.value.name : 'none';
    const name = holder === undefined ? own : `container:${holder}`;
    return [
      ...Array.from(this.#tasks, (task) => `docker exec -it ${task.containerName} sh`),
      ...this.#failed.map(
        ({ container, spec }) =>
          `docker run -it --rm --network ${name} --volumes-from ${container.name} ${spec.image ?? ''} sh`,
      ),
    ];
  }

  async #end(task: DockerTask): Promise<void> {
    const { survivors } = await task.stop({ signal: 'KILL', graceMs: 0 });
    if (survivors) this.#lose(new Error(`${task.label} could not be ended`));
    this.#tasks.delete(task);
  }

  /** Something may be left on the engine, and is to be told, and looked for later. */
  #lose(error: unknown): void {
    if (this.#lost === undefined)
      this.#parts.warn(
        `something of the run may be left on the container engine (${messageOf(error)}); \`continuo clean\` or the next run removes it`,
      );
    this.#lost ??= error;
  }
}
