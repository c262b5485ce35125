import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { SharedWorks } from './shared-work.ts';

describe('shared work', () => {
  it('is done once for all who ask, and answers later ones at once', async () => {
    const works = new SharedWorks<number>();
    let times = 0;
    const begin = (): Promise<number> => Promise.resolve(++times);
    const wait = (key: string): Promise<number | undefined> =>
      works.wait(key, begin, new AbortController().signal);
    assert.deepEqual(await Promise.all([wait('a'), wait('a')]), [1, 1]);
    assert.equal(await wait('a'), 1);
    assert.equal(await wait('b'), 2);
  });

  it('goes on while one waits, is given up when the last has left, and begun anew for the next', async () => {
    const works = new SharedWorks<string>();
    const begun: AbortSignal[] = [];
    const finish: ((value: string) => void)[] = [];
    const begin = (signal: AbortSignal): Promise<string> => {
      begun.push(signal);
      return new Promise((resolve) => finish.push(resolve));
    };
    const [one, other] = [new AbortController(), new AbortController()];
    const waiting = [one, other].map(({ signal }) => works.wait('a', begin, signal));
    one.abort();
    assert.equal(await waiting[0], undefined);
    assert.equal(begun[0]?.aborted, false);
    other.abort();
    assert.equal(await waiting[1], undefined);
    assert.equal(begun[0].aborted, true);

    const third = new AbortController();
    const again = works.wait('a', begin, third.signal);
    assert.equal(begun.length, 2);
    finish[1]?.('done');
    assert.equal(await again, 'done');
    third.abort();
    assert.equal(begun[1]?.aborted, false);
  });

  it('is not begun for one who has left already', async () => {
    const begin = (): Promise<never> => assert.fail('it was begun');
    assert.equal(await new SharedWorks().wait('a', begin, AbortSignal.abort()), undefined);
  });
});
