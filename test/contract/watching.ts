import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import type { AddressInfo } from 'node:net';
import type { OutputChunk, OutputStream, Task } from '../../src/executor/executor.ts';

/** What a task has printed so far, growing while it prints. A promise for all of it. */
export interface Collected extends Promise<OutputChunk[]> {
  readonly soFar: OutputChunk[];
}

/** Reads a task's output to its end. */
export function collect(task: Task): Collected {
  const soFar: OutputChunk[] = [];
  const all = (async () => {
    for await (const chunk of task.output) soFar.push(chunk);
    return soFar;
  })();
  return Object.assign(all, { soFar });
}

/** Settles when a whole line has been printed. */
export async function firstLine({ soFar }: Collected): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!text(soFar).includes('\n')) {
    assert.ok(performance.now() < deadline, 'no line was printed');
    await delay(1);
  }
}

/** The bytes of the chunks as text, of one stream or of both. */
export const text = (chunks: readonly OutputChunk[], only?: OutputStream): string =>
  Buffer.concat(
    chunks.filter(({ stream }) => only === undefined || stream === only).map(({ bytes }) => bytes),
  ).toString();

/** The promise's value; an error when it has not settled after ten seconds. */
export async function within<T>(promise: Promise<T>): Promise<T> {
  const late = new AbortController();
  const overdue = delay(10_000, undefined, { signal: late.signal }).then(
    () => assert.fail('did not settle within ten seconds'),
    () => assert.fail('unreachable'),
  );
  overdue.catch(() => undefined);
  try {
    return await Promise.race([promise, overdue]);
  } finally {
    late.abort();
  }
}

/** How much memory is held in buffers that somebody still wants. */
export function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().arrayBuffers;
}

/** Settles when the fact is true, asked again and again; fails after ten seconds. */
export async function until(fact: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await fact())) {
    assert.ok(performance.now() < deadline, 'never became true');
    await delay(1);
  }
}

/** A port of this machine that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
