import assert from 'node:assert/strict';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';

import { askAgain, askToRemove, inTime, isTaken } from './asking.ts';

const refusal = (statusCode: number): Error => Object.assign(new Error('no'), { statusCode });

/** Answers these one after the other, the last one for ever; errors are thrown. */
function answers<T>(...all: readonly (T | Error)[]): { times: number; ask(): Promise<T> } {
  return {
    times: 0,
    async ask() {
      const answer = all[Math.min(this.times++, all.length - 1)]!;
      await Promise.resolve();
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
}

describe('askAgain', () => {
  it('asks until there is an answer', async () => {
    const engine = answers(new Error('silence'), new Error('silence'), 'here');
    assert.equal(await askAgain({}, () => engine.ask()), 'here');
    assert.equal(engine.times, 3);
  });

  it('takes a refusal for an answer', async () => {
    const engine = answers(new Error('silence'), refusal(500), 'here');
    await assert.rejects(
      askAgain({}, () => engine.ask()),
      { statusCode: 500 },
    );
    assert.equal(engine.times, 2);
  });

  it('asks again when a process ended while the engine read of it', async () => {
    const detail = 'read /proc/27611/cgroup: no such process';
    const midway = Object.assign(new Error(detail), { statusCode: 500 });
    const engine = answers<string>(midway, midway, 'ended');
    assert.equal(await askAgain({}, () => engine.ask()), 'ended');
    assert.equal(engine.times, 3);
    const never = answers(midway);
    await assert.rejects(
      askAgain({}, () => never.ask(), 60),
      /no such process/,
    );
    assert.ok(never.times >= 2, `${never.times}`);
  });

  it('gives up when its patience is over, with the reason of the silence', async () => {
    for (const [patience, atLeast] of [
      [0, 1],
      [60, 2],
    ] as const) {
      const engine = answers(new Error('silence'));
      await assert.rejects(
        askAgain({}, () => engine.ask(), patience),
        /silence/,
      );
      assert.ok(engine.times >= atLeast, `${engine.times}`);
    }
  });
});

describe('an engine that has been silent to one for all his patience', () => {
  const silent = (): Promise<never> => Promise.reject(new Error('silence'));

  it('is asked once more by each who comes later', async () => {
    const engine = {};
    await assert.rejects(askAgain(engine, silent, 60), /silence/);
    const later = answers(new Error('silence'));
    await assert.rejects(
      askAgain(engine, () => later.ask(), 60),
      /silence/,
    );
    assert.equal(later.times, 1);
  });

  it('is trusted again once it has said anything', async () => {
    const engine = {};
    await assert.rejects(askAgain(engine, silent, 60), /silence/);
    await assert.rejects(
      askAgain(engine, () => Promise.reject(refusal(404)), 60),
      { statusCode: 404 },
    );
    const later = answers(new Error('silence'), 'here');
    assert.equal(await askAgain(engine, () => later.ask(), 60), 'here');
  });
});

describe('inTime', () => {
  it('has what comes in time', async () => {
    const stream = new PassThrough();
    const { signal } = new AbortController();
    assert.equal(await inTime(() => Promise.resolve(stream), signal), stream);
    await assert.rejects(
      inTime(() => Promise.reject(refusal(404)), signal),
      { statusCode: 404 },
    );
    assert.equal(stream.destroyed, false);
  });

  it('asks no more for what does not, and closes it should it come', async () => {
    const late = new AbortController();
    const coming = Promise.withResolvers<PassThrough>();
    let asking: AbortSignal | undefined;
    const had = inTime((signal) => {
      asking = signal;
      return coming.promise;
    }, late.signal);
    late.abort();
    await assert.rejects(had, { name: 'AbortError' });
    assert.equal(asking?.aborted, true);
    const stream = new PassThrough();
    const closed = once(stream, 'close');
    coming.resolve(stream);
    await closed;
  });
});

describe('askToRemove', () => {
  it('is content when it is gone, going, or not running', async () => {
    for (const status of [304, 404, 409]) {
      const engine = answers(new Error('silence'), refusal(status));
      await askToRemove({}, () => engine.ask());
      assert.equal(engine.times, 2);
    }
    await askToRemove({}, () => Promise.resolve('done'));
  });

  it('throws any other refusal, and silence when its patience is over', async () => {
    const unwilling = answers(refusal(500));
    await assert.rejects(
      askToRemove({}, () => unwilling.ask()),
      { statusCode: 500 },
    );
    const silent = answers(new Error('silence'));
    await assert.rejects(
      askToRemove({}, () => silent.ask(), 0),
      /silence/,
    );
  });
});

describe('isTaken', () => {
  it('knows what Docker and Podman say of what they have already', () => {
    const said = (statusCode: number, message: string): Error =>
      Object.assign(new Error(message), { statusCode, json: { message } });
    assert.ok(isTaken(said(409, 'Conflict. The container name "/x" is already in use')));
    assert.ok(isTaken(said(500, 'network name x already used: network already exists')));
    assert.ok(isTaken(said(500, 'creating container storage: that name is already in use')));
    assert.ok(!isTaken(said(500, 'no space left on device')));
    assert.ok(!isTaken(new Error('it already exists')));
  });
});
