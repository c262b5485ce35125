import { isAborted } from '../../base/abort.ts';
import { ask, isForGood } from './ask.ts';
import { messagesIn } from './messages.ts';
import { runPath } from './wire.ts';

import type { Recorded, RunEvent } from '../../event/event.ts';
import type { Refusal } from './ask.ts';
import type { Standing } from './wire.ts';

/** Hears of a run. */
export interface RunListener {
  /** Each once, in their order, whatever becomes of connections. */
  readonly event: (event: Recorded<RunEvent>) => void;
  /** The connection is there, or what is in its way; then it is tried again. */
  readonly connection: (trouble: Refusal | undefined) => void;
  /** Nothing more will come. `lostAt`: until when a run lived that is lost. */
  readonly end: (outcome: Standing, lostAt: number | undefined) => void;
}

const firstRestMs = 250;
const longestRestMs = 5_000;

/** Where a listener has come to: the number of the next record. */
export interface Place {
  next: number;
}

/**
 * Tells what happens in a run, from a place on and until its end, by as many connections as it takes. The place
 * moves on with what is told. Settles at the end, or when the signal aborts; rejects then, or when a listener throws.
 */
export async function followRun(
  run: string,
  place: Place,
  listener: RunListener,
  signal: AbortSignal,
): Promise<void> {
  for (let restMs = firstRestMs; ; restMs = Math.min(2 * restMs, longestRestMs)) {
    const begin = place.next;
    const trouble = await listenOnce(run, place, listener, signal);
    if (trouble === 'end' || isAborted(signal)) return;
    listener.connection(trouble);
    if (isForGood(trouble)) return;
    if (place.next > begin) restMs = firstRestMs;
    await rest(restMs, signal);
    if (isAborted(signal)) return;
  }
}

const brokenOff: Refusal = { status: 0, words: 'The connection to the server broke off.' };

async function listenOnce(
  run: string,
  place: Place,
  listener: RunListener,
  signal: AbortSignal,
): Promise<'end' | Refusal> {
  const path = runPath(run, `/events?output=false&from=${place.next}`);
  const asked = await ask(path, { signal });
  if (!asked.ok) return asked.failure;
  listener.connection(undefined);
  if (!asked.value.body) return brokenOff;
  const text = asked.value.body.pipeThrough(new TextDecoderStream());
  for await (const { event, data } of messagesIn(readAll(text))) {
    const told = JSON.parse(data) as unknown;
    if (event === 'end') {
      const { outcome, endedAt } = told as { outcome: Standing; endedAt?: number };
      listener.end(outcome, endedAt);
      return 'end';
    }
    const record = told as Recorded<RunEvent>;
    if (record.seq < place.next) continue;
    place.next = record.seq + 1;
    listener.event(record);
  }
  return brokenOff;
}

/** A stream that breaks off ends. */
async function* readAll(stream: ReadableStream<string>): AsyncGenerator<string> {
  // Not every browser can iterate a stream.
  const reader = stream.getReader();
  const broken = { done: true, value: undefined } as const;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(() => broken);
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function rest(ms: number, signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    const stop = (): void => {
      clearTimeout(timer);
      resolve(undefined);
    };
    signal.addEventListener('abort', stop, { once: true });
  });
}
