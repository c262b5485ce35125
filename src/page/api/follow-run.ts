import { isAborted } from '../../base/abort.ts';
import { ask, isForGood } from './ask.ts';
import { messagesIn } from './messages.ts';
import { runPath } from './wire.ts';

import type { Recorded, RunEvent } from '../../event/event.ts';
import type { FollowPlace } from '../../event/follow-place.ts';
import type { Refusal } from './ask.ts';
import type { Message } from './messages.ts';
import type { Standing } from './wire.ts';

/** Hears of a run. */
export interface RunListener {
  /**
   * Each once, in their order, whatever becomes of connections. All of them again, from the first, where a run that is
   * only loaded has another process.
   */
  readonly event: (event: Recorded<RunEvent>) => void;
  /** Nothing is in the way of the connection, or what is; then it is tried again, unless that is for good. */
  readonly connection: (trouble: Refusal | undefined) => void;
  /** Nothing more will come. `lostAt`: until when a run lived that is lost. */
  readonly end: (outcome: Standing, lostAt: number | undefined) => void;
}

const firstRestMs = 250;
const longestRestMs = 5_000;

/** What has no process just now is asked for again after this time. */
const idleMs = 1_500;

/**
 * Tells what happens in a run, from a place on and until its end, by as many connections as it takes. The place
 * moves on with what is told. Settles at the end, or when the signal aborts; rejects then, or when a listener throws.
 */
export async function followRun(
  run: string,
  place: FollowPlace,
  listener: RunListener,
  signal: AbortSignal,
): Promise<void> {
  for (let restMs = firstRestMs; ; restMs = Math.min(2 * restMs, longestRestMs)) {
    const begin = place.next;
    const trouble = await listenOnce(run, place, listener, signal);
    if (trouble === 'end' || isAborted(signal)) return;
    listener.connection(trouble);
    if (trouble && isForGood(trouble)) return;
    if (place.next !== begin) restMs = firstRestMs;
    await rest(trouble ? restMs : idleMs, signal);
    if (isAborted(signal)) return;
  }
}

/** The connection to the server broke off. */
class BrokenOff extends Error {}

/** `undefined`: that is all for now, since no process has the run. */
async function listenOnce(
  run: string,
  place: FollowPlace,
  listener: RunListener,
  signal: AbortSignal,
): Promise<'end' | Refusal | undefined> {
  const path = runPath(run, `/events?output=false&from=${place.from}`);
  const asked = await ask(path, { signal });
  if (!asked.ok) return asked.failure;
  listener.connection(undefined);
  const text = asked.value.body?.pipeThrough(new TextDecoderStream());
  try {
    return text && (await hear(messagesIn(readAll(text)), place, listener));
  } catch (error) {
    if (error instanceof BrokenOff)
      return { status: 0, words: 'The connection to the server broke off.' };
    throw error;
  }
}

async function hear(
  messages: AsyncIterable<Message>,
  place: FollowPlace,
  listener: RunListener,
): Promise<'end' | undefined> {
  for await (const { event, data } of messages) {
    const told = JSON.parse(data) as unknown;
    if (event === 'end') {
      const { outcome, endedAt } = told as { outcome: Standing; endedAt?: number };
      listener.end(outcome, endedAt);
      return 'end';
    }
    const record = told as Recorded<RunEvent>;
    if (place.take(record)) listener.event(record);
  }
  return undefined;
}

async function* readAll(stream: ReadableStream<string>): AsyncGenerator<string> {
  // Not every browser can iterate a stream.
  const reader = stream.getReader();
  const broken = (): never => {
    throw new BrokenOff();
  };
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(broken);
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
