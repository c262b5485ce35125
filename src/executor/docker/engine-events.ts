import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

import { isAborted } from '../../base/abort.ts';
import { signalNumbered } from './exit.ts';

import type Docker from 'dockerode';
import type { Socket } from 'node:net';

/** What the engine has told of one container. */
export interface Heard {
  /** The signals that it was asked to send, without the `SIG`, ours included. Podman leaves out which: ''. */
  readonly signals: readonly string[];
  /** Somebody had it stopped, or removed as it ran, which we never ask for. */
  readonly stopped?: true;
  readonly outOfMemory: boolean;
  readonly died: boolean;
  readonly removed: boolean;
}

interface EngineEvent {
  readonly Action?: string;
  readonly Actor?: { readonly ID?: string; readonly Attributes?: Readonly<Record<string, string>> };
  readonly timeNano?: number;
  readonly time?: number;
}

const nothing: Heard = { signals: [], outOfMemory: false, died: false, removed: false };

/** So long an engine may take to say that it is there. */
const answerMs = 5_000;

/**
 * Listens to what happens to the containers with a label. After a lost connection it asks for what
 * was missed, which only an engine that has not been started anew still knows.
 */
export class EngineEvents implements Disposable {
  readonly #docker: Docker;
  readonly #label: string;
  readonly #heard = new Map<string, Heard>();
  readonly #closed = new AbortController();
  #changed = Promise.withResolvers<undefined>();
  #stream: Socket | undefined;
  #since: string;
  #wasGone = false;

  constructor(docker: Docker, label: string) {
    this.#docker = docker;
    this.#label = label;
    this.#since = (Date.now() / 1_000).toFixed(9);
    void this.#listen();
  }

  /** What was heard of the container up to now. */
  of(id: string): Heard {
    return this.#heard.get(id) ?? nothing;
  }

  /** What was heard of it once it is known to have died, or after so many milliseconds. */
  ofDead(id: string, atMostMs: number): Promise<Heard> {
    return this.#heardOf(id, ({ died }) => died, atMostMs);
  }

  /** The same once it is known that its memory ran out, which may be told after its death. */
  ofStarved(id: string, atMostMs: number): Promise<Heard> {
    return this.#heardOf(id, ({ outOfMemory }) => outOfMemory, atMostMs);
  }

  async #heardOf(id: string, isIt: (heard: Heard) => boolean, atMostMs: number): Promise<Heard> {
    const late = AbortSignal.timeout(atMostMs);
    const over = new Promise<void>((resolve) => {
      late.addEventListener('abort', () => resolve(), { once: true });
    });
    while (!isIt(this.of(id)) && !late.aborted) await Promise.race([this.#changed.promise, over]);
    return this.of(id);
  }

  /** Whether there was a time when nobody listened where the engine is to be, or there is nobody now. */
  async engineIsGone(): Promise<boolean> {
    if (this.#wasGone) return true;
    try {
      await Promise.race([this.#docker.ping(), delay(answerMs, undefined, { ref: false })]);
    } catch (error) {
      this.#wasGone ||= isNobodyThere(error);
    }
    return this.#wasGone;
  }

  [Symbol.dispose](): void {
    this.#closed.abort();
    this.#stream?.destroy();
  }

  async #listen(): Promise<void> {
    let isFirst = true;
    while (!this.#closed.signal.aborted) {
      try {
        const filters = { type: ['container' as const], label: [this.#label] };
        const stream = await this.#docker.getEvents({
          filters,
          abortSignal: this.#closed.signal,
          // The types of the library have a number, which cannot tell a nanosecond.
          ...(isFirst ? {} : { since: this.#since as unknown as number }),
        });
        isFirst = false;
        this.#stream = stream as unknown as Socket;
        if (isAborted(this.#closed.signal)) this.#stream.destroy();
        stream.on('error', () => this.#stream?.destroy());
        for await (const line of createInterface({ input: stream })) this.#take(line);
      } catch (error) {
        // It does not answer now; or it was closed in the middle.
        this.#wasGone ||= isNobodyThere(error);
      }
      await delay(200, undefined, { signal: this.#closed.signal }).catch(() => undefined);
    }
  }

  #take(line: string): void {
    const event = parse(line);
    const id = event?.Actor?.ID;
    if (!event || id === undefined) return;
    if (event.timeNano !== undefined) this.#since = toSeconds(event.timeNano);
    const before = this.of(id);
    this.#heard.set(id, after(before, event));
    const changed = this.#changed;
    this.#changed = Promise.withResolvers();
    changed.resolve(undefined);
  }
}

/** Whether nobody listens where the engine is to be; else a connection broke. */
function isNobodyThere(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ECONNREFUSED' || code === 'ENOENT';
}

function after(before: Heard, { Action, Actor }: EngineEvent): Heard {
  switch (Action) {
    case 'kill':
      return { ...before, signals: [...before.signals, nameOf(Actor?.Attributes?.['signal'])] };
    case 'stop':
      return { ...before, stopped: true };
    case 'oom':
      return { ...before, outOfMemory: true };
    case 'die':
    case 'died':
      return { ...before, died: true };
    case 'destroy':
    case 'remove':
      return { ...before, removed: true };
    default:
      return before;
  }
}

/** Engines tell a signal by its number, or by its name. */
const nameOf = (signal = ''): string =>
  signalNumbered(Number(signal)) ?? signal.replace(/^SIG/, '');

const toSeconds = (nanos: number): string => (nanos / 1e9 + 1e-6).toFixed(9);

function parse(line: string): EngineEvent | undefined {
  try {
    return JSON.parse(line) as EngineEvent;
  } catch {
    return undefined;
  }
}
