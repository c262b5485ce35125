import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { endOf } from './container-end.ts';

import type Docker from 'dockerode';
import type { ContainerEnd } from './container-end.ts';

const broken = (): Error => new Error('socket hang up');
const refusal = (statusCode: number): Error => Object.assign(new Error('no'), { statusCode });

interface State {
  readonly Running: boolean;
  readonly Status?: string;
  readonly ExitCode?: number;
}

/** Answers these one after the other to each question, errors as such; the last one for ever. */
function end(
  waits: readonly (number | Error)[],
  states: readonly (State | Error)[] = [],
): Promise<ContainerEnd> {
  const next = <T>(all: readonly (T | Error)[]) => {
    let asked = 0;
    return (): Promise<T> => {
      const answer = all[Math.min(asked++, all.length - 1)]!;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    };
  };
  const wait = next(waits);
  const inspect = next(states);
  const container = {
    wait: async () => ({ StatusCode: await wait() }),
    inspect: async () => ({ State: await inspect() }),
  };
  const { signal } = new AbortController();
  // It is only asked what stands here.
  return endOf(container as unknown as Docker, container as unknown as Docker.Container, signal);
}

describe('the end of a container', () => {
  it('is waited for', async () => {
    assert.deepEqual(await end([3]), { kind: 'exited', code: 3, wasUnwatched: false });
    assert.deepEqual(await end([refusal(404)]), { kind: 'removed' });
  });

  it('is waited for again when the connection breaks, as often as that happens', async () => {
    const waits = [broken(), broken(), broken(), 0];
    const watched = await end(waits, [{ Running: true }]);
    assert.deepEqual(watched, { kind: 'exited', code: 0, wasUnwatched: false });
  });

  it('is told as unwatched when it came while the connection was broken', async () => {
    const states = [{ Running: true }, broken(), { Running: false, ExitCode: 137 }];
    const unwatched = await end([broken()], states);
    assert.deepEqual(unwatched, { kind: 'exited', code: 137, wasUnwatched: true });
    assert.deepEqual(await end([broken()], [refusal(404)]), { kind: 'removed' });
  });

  it('is unknown where the engine does not know it, and never a success then', async () => {
    const forgotten = { Running: false, Status: 'created', ExitCode: 0 };
    assert.equal((await end([broken()], [forgotten])).kind, 'unknown');
    assert.equal((await end([refusal(500)], [refusal(500)])).kind, 'unknown');
  });
});
