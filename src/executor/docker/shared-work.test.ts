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

  it('answers what it came to, and is done anew once that is forgotten', async () => {
    const works = new SharedWorks<number>();
    const begun: PromiseWithResolvers<number>[] = [];
    const begin = (): Promise<number> => {
      begun.push(Promise.withResolvers<number>());
      return begun.at(-1)!.promise;
    };
    const leaving = new AbortController();
    const left = works.wait('a', begin, leaving.signal);
    leaving.abort();
    begun[0]!.resolve(0);
    await left;
    assert.equal(works.result('a'), undefined);
    const waiting = works.wait('a', begin, new AbortController().signal);
    assert.equal(works.result('a'), undefined);
    begun[1]!.resolve(1);
    assert.equal(await waiting, 1);
    assert.equal(works.result('a'), 1);
    works.forget('a');
    assert.equal(works.result('a'), undefined);
    const again = works.wait('a', begin, new AbortController().signal);
    begun[2]!.resolve(2);
    assert.equal(await again, 2);
  });

  it('is not begun for one who has left already', async () => {
    const begin = (): Promise<never> => assert.fail('it was begun');
    assert.equal(await new SharedWorks().wait('a', begin, AbortSignal.abort()), undefined);
  });
});
