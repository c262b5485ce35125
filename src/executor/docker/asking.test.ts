import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { askAgain, askToRemove, isTaken } from './asking.ts';

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
    assert.equal(await askAgain(() => engine.ask()), 'here');
    assert.equal(engine.times, 3);
  });

  it('takes a refusal for an answer', async () => {
    const engine = answers(new Error('silence'), refusal(500), 'here');
    await assert.rejects(
      askAgain(() => engine.ask()),
      { statusCode: 500 },
    );
    assert.equal(engine.times, 2);
  });

  it('gives up when its patience is over, with the reason of the silence', async () => {
    for (const [patience, atLeast] of [
      [0, 1],
      [60, 2],
    ] as const) {
      const engine = answers(new Error('silence'));
      await assert.rejects(
        askAgain(() => engine.ask(), patience),
        /silence/,
      );
      assert.ok(engine.times >= atLeast, `${engine.times}`);
    }
  });
});

describe('askToRemove', () => {
  it('is content when it is gone, going, or not running', async () => {
    for (const status of [304, 404, 409]) {
      const engine = answers(new Error('silence'), refusal(status));
      await askToRemove(() => engine.ask());
      assert.equal(engine.times, 2);
    }
    await askToRemove(() => Promise.resolve('done'));
  });

  it('throws any other refusal, and silence when its patience is over', async () => {
    const unwilling = answers(refusal(500));
    await assert.rejects(
      askToRemove(() => unwilling.ask()),
      { statusCode: 500 },
    );
    const silent = answers(new Error('silence'));
    await assert.rejects(
      askToRemove(() => silent.ask(), 0),
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
