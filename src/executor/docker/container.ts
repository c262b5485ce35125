import { setTimeout as delay } from 'node:timers/promises';

import { askAgain, askToRemove, inTime, isTaken, patienceMs, statusOf } from './asking.ts';
import { endOf } from './container-end.ts';
import { killedByKernel } from './kernel-log.ts';

import type Docker from 'dockerode';
import type { ContainerCreateOptions, ContainerInspectInfo } from 'dockerode';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { ContainerEnd } from './container-end.ts';

/** Time for a request to be carried out whose answer was lost on the way. */
const settleMs = 10_000;
/** So long a request to start it is waited for, in which an engine under load has much to do. */
const startMs = 120_000;
/** So long one for a signal, which it does at once or not at all. */
const signalMs = 20_000;

/**
 * One container of the engine. Every request may be answered late, or never, although it was
 * carried out: what is asked twice has no effect the second time.
 */
export class Container {
  readonly id: string;
  readonly name: string;
  readonly #docker: Docker;
  readonly #container: Docker.Container;
  readonly #released = new AbortController();

  private constructor(docker: Docker, id: string, name: string) {
    this.id = id;
    this.name = name;
    this.#docker = docker;
    this.#container = docker.getContainer(id);
  }

  /** Makes it; nothing of it runs yet. The name must be nobody else's ever. Throws what the engine said. */
  static async create(
    docker: Docker,
    name: string,
    options: ContainerCreateOptions,
  ): Promise<Container> {
    const id = await askAgain(docker, async (late) => {
      try {
        return (await docker.createContainer({ ...options, name, abortSignal: late })).id;
      } catch (error) {
        // The name is ours alone: it was made by a request whose answer was lost.
        if (!isTaken(error)) throw error;
        return (await docker.getContainer(name).inspect({ abortSignal: late })).Id;
      }
    });
    return new Container(docker, id, name);
  }

  /** Its output from the first byte on, if it is not started yet; and its input. */
  attach(withInput: boolean): Promise<Socket> {
    const options = { stream: true, stdout: true, stderr: true, hijack: true };
    const ask = async (abortSignal: AbortSignal): Promise<Socket> => {
      const attached = await this.#container.attach({ ...options, stdin: withInput, abortSignal });
      // A connection that is taken over is a socket, whatever the types of the library say.
      const socket = attached as unknown as Socket;
      // It may break before anybody reads; whoever does then finds it destroyed.
      socket.on('error', () => undefined);
      return socket;
    };
    return this.#ask((late) => inTime(ask, late));
  }

  /**
   * All its output so far, as the engine has kept it, and what follows while it runs. Podman leaves
   * some out when it follows what has ended.
   */
  logs(hasEnded: boolean): Promise<NodeJS.ReadableStream> {
    const query = { stdout: true, stderr: true, follow: !hasEnded };
    // The client makes a stream of it only where it believes that it follows.
    const options = { ...query, follow: true as const, _query: query };
    const ask = async (abortSignal: AbortSignal): Promise<Readable> =>
      (await this.#container.logs({ ...options, abortSignal })) as unknown as Readable;
    return this.#ask((late) => inTime(ask, late));
  }

  /** Starts it, once at most. Throws what the engine said. */
  async start(): Promise<void> {
    try {
      await this.#container.start({ abortSignal: AbortSignal.timeout(startMs) });
    } catch (error) {
      if (statusOf(error) === 304) return;
      if (statusOf(error) !== undefined || !(await this.#hasStarted())) throw error;
    }
  }

  /** Waits for its end, however long that takes. To be called once it has been started. */
  ended(): Promise<ContainerEnd> {
    return endOf(this.#docker, this.#container, this.#released.signal);
  }

  /** Asks no more how it is or ends: it may outlive us. */
  release(): void {
    this.#released.abort();
  }

  inspect(): Promise<ContainerInspectInfo> {
    return this.#ask((late) => this.#container.inspect({ abortSignal: late }));
  }

  /** What became of it, when it has ended, as far as the engine or the kernel of this machine knows. */
  async fate(): Promise<{ readonly isGone: boolean; readonly outOfMemory: boolean }> {
    try {
      const { State } = await this.inspect();
      const isGone = State.Dead || State.Status === 'removing';
      return { isGone, outOfMemory: State.OOMKilled || killedByKernel(this.id) };
    } catch (error) {
      return { isGone: statusOf(error) === 404, outOfMemory: false };
    }
  }

  /** Asks the engine for a signal, without the `SIG`. What does not run any more needs none. */
  async signal(signal: string): Promise<void> {
    try {
      const abortSignal = AbortSignal.timeout(signalMs);
      await this.#container.kill({ signal: `SIG${signal}`, abortSignal });
    } catch {
      // It has ended, or nobody knows whether the signal was sent: to send it twice could harm.
    }
  }

  /** Ends it at once. */
  kill(): Promise<void> {
    return askToRemove(this.#docker, (late) => this.#container.kill({ abortSignal: late }));
  }

  /** Removes it, running or not, with the volumes that have no name. */
  remove(patience = patienceMs): Promise<void> {
    const options = { force: true, v: true };
    return askToRemove(
      this.#docker,
      (late) => this.#container.remove({ ...options, abortSignal: late }),
      patience,
    );
  }

  /** Whether a file is there for its main process, links followed. */
  async has(path: string): Promise<boolean> {
    try {
      await this.#ask((late) => this.#container.infoArchive({ path, abortSignal: late }));
      return true;
    } catch (error) {
      if (statusOf(error) === 404) return false;
      throw error;
    }
  }

  /** Whether what is there by this very path is a file: no link, folder or device. */
  async isFile(path: string): Promise<boolean> {
    const answer = (await this.#ask((late) =>
      this.#container.infoArchive({ path, abortSignal: late }),
    )) as unknown as IncomingMessage;
    const told = String(answer.headers['x-docker-container-path-stat']);
    const { mode } = JSON.parse(Buffer.from(told, 'base64').toString()) as { mode: number };
    // Go's `fs.FileMode`, where whatever is no file has one of the bits of `fs.ModeType`.
    return (mode & 0x8f28_0000) === 0;
  }

  /** Puts the files of a tar archive below a folder of it that is there, such as its root. */
  async put(archive: Buffer, path = '/'): Promise<void> {
    await this.#ask((late) => this.#container.putArchive(archive, { path, abortSignal: late }));
  }

  /** A tar archive of a file of it, or its beginning of so many bytes. */
  async take(path: string, most: number): Promise<Buffer> {
    return this.#ask(async (late) => {
      const options = { path, abortSignal: late };
      const stream = (await this.#container.getArchive(options)) as unknown as Readable;
      const parts: Buffer[] = [];
      let bytes = 0;
      for await (const part of stream as AsyncIterable<Buffer>) {
        parts.push(part);
        bytes += part.length;
        if (bytes > most) break;
      }
      return Buffer.concat(parts);
    });
  }

  /** Prepares a command in it; see `Docker.Exec`. */
  exec(options: Docker.ExecCreateOptions): Promise<Docker.Exec> {
    return this.#container.exec(options);
  }

  #ask<T>(ask: (late: AbortSignal) => Promise<T>): Promise<T> {
    return askAgain(this.#docker, ask, patienceMs, this.#released.signal);
  }

  /** Whether a request to start it was carried out after all. It is not sent again: it could start twice. */
  async #hasStarted(): Promise<boolean> {
    const until = performance.now() + settleMs;
    for (;;) {
      const { State } = await this.inspect();
      if (State.Status !== 'created') return true;
      if (performance.now() > until) return false;
      await delay(100);
    }
  }
}
