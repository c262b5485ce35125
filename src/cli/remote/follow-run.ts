import { setTimeout as delay } from 'node:timers/promises';

import { isAborted } from '../../base/abort.ts';
import { FollowPlace } from '../../event/follow-place.ts';

import type { JournalRecord } from '../../event/event.ts';
import type { RemoteFailure, RemoteServer } from './remote-server.ts';

/** The records of one run of a server, while it goes on. */
export class RunFollower {
  readonly #server: RemoteServer;
  readonly #run: string;
  readonly #withOutput: boolean;
  readonly #place: FollowPlace;
  #outcome: string | undefined;
  #failure: RemoteFailure | undefined;

  /** Without `output`, what steps and services print is left where it is. `from` is the first record wanted. */
  constructor(server: RemoteServer, run: string, { output = true, from = 0 } = {}) {
    this.#server = server;
    this.#run = run;
    this.#withOutput = output;
    this.#place = new FollowPlace(from);
  }

  /** What became of the run; `undefined` until that is known. */
  get outcome(): string | undefined {
    return this.#outcome;
  }

  /** Why there are no more records although the run has not ended. */
  get failure(): RemoteFailure | undefined {
    return this.#failure;
  }

  /**
   * Every record once and in order, until the run has ended or `signal` aborts; all of them again, from the first, where
   * a run that is only loaded has another process. A connection that breaks is opened again, for half a minute in vain: a
   * server may be started anew meanwhile.
   */
  async *records(signal: AbortSignal): AsyncGenerator<JournalRecord, void> {
    let silentSince = performance.now();
    while (!isAborted(signal) && this.#outcome === undefined) {
      const before = this.#place.next;
      const failure = yield* this.#once(signal);
      if (isAborted(signal) || this.#isOver()) return;
      if (this.#place.next !== before || !failure) silentSince = performance.now();
      const isFinal = failure !== undefined && failure.kind !== 'unreached';
      if (isFinal || performance.now() - silentSince > patienceMs) {
        this.#failure = failure;
        return;
      }
      await delay(againMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** What is there by now, without waiting for more; not asked for again. */
  async *past(signal: AbortSignal): AsyncGenerator<JournalRecord, void> {
    this.#failure = yield* this.#once(signal, '&follow=false');
  }

  #isOver(): boolean {
    return this.#outcome !== undefined;
  }

  /** What one connection gives. */
  async *#once(
    signal: AbortSignal,
    more = '',
  ): AsyncGenerator<JournalRecord, RemoteFailure | undefined> {
    const output = this.#withOutput ? '' : '&output=false';
    const path = `/api/v1/runs/${encodeURIComponent(this.#run)}/events?from=${this.#place.from}${output}${more}`;
    const opened = await this.#server.open(path, {}, signal);
    if (!opened.ok) return opened.failure;
    const { body } = opened.value;
    if (!body) return undefined;
    let text = '';
    try {
      for await (const piece of body.pipeThrough(new TextDecoderStream())) {
        const messages = `${text}${piece}`.split('\n\n');
        text = messages.pop()!;
        for (const message of messages) {
          const record = this.#take(message);
          if (record) yield record;
        }
      }
      return undefined;
    } catch (error) {
      const { message } = error as Error;
      return { kind: 'unreached', url: this.#server.place.url, detail: message };
    }
  }

  #take(message: string): JournalRecord | undefined {
    // Data comes last, in one line: not as a regular expression sees lines, to which U+2028 ends one.
    const at = message.indexOf(dataField);
    if (message.startsWith(':') || at === -1) return undefined;
    const data = message.slice(at + dataField.length);
    if (message.startsWith('event: end')) {
      this.#outcome = (JSON.parse(data) as { outcome: string }).outcome;
      return undefined;
    }
    const record = toRecord(JSON.parse(data) as Wired);
    return this.#place.take(record) ? record : undefined;
  }
}

const dataField = 'data: ';
const againMs = 300;
const patienceMs = 30_000;

type Output = Extract<JournalRecord, { type: 'output' }>;
type Wired =
  | Exclude<JournalRecord, Output>
  | (Omit<Output, 'bytes'> & { readonly text?: string; readonly base64?: string });

function toRecord(wired: Wired): JournalRecord {
  if (wired.type !== 'output') return wired;
  const { text, base64, ...head } = wired;
  return {
    ...head,
    bytes: base64 === undefined ? Buffer.from(text ?? '') : Buffer.from(base64, 'base64'),
  };
}
