import assert from 'node:assert/strict';
import { it } from 'node:test';

import { Turns } from './turns.ts';

const wanted = new AbortController().signal;

it('lets so many at once, in order, each some time after the one before', async () => {
  const turns = new Turns(2, 20);
  const begun: { n: number; at: number }[] = [];
  let now = 0;
  let most = 0;
  await Promise.all(
    [0, 1, 2, 3, 4].map((n) =>
      turns.take(async () => {
        begun.push({ n, at: performance.now() });
        most = Math.max(most, (now += 1));
        await new Promise((resolve) => setTimeout(resolve, 30));
        now -= 1;
      }, wanted),
    ),
  );
  assert.equal(most, 2);
  assert.deepEqual(
    begun.map(({ n }) => n),
    [0, 1, 2, 3, 4],
  );
  for (const [index, { at }] of begun.entries())
    if (index > 0) assert.ok(at - begun[index - 1]!.at > 20, 'too soon after the one before');
});

it('gives a turn on when the work of one fails', async () => {
  const turns = new Turns(1, 0);
  await assert.rejects(
    turns.take(() => Promise.reject(new Error('no')), wanted),
    /no/,
  );
  assert.equal(await turns.take(() => Promise.resolve(7), wanted), 7);
});

it('leaves out what is not wanted any more, which holds nobody up', async () => {
  const turns = new Turns(1, 60_000);
  const [first, unwanted] = [Promise.withResolvers<number>(), new AbortController()];
  const begun: string[] = [];
  const work = (name: string) => () => {
    begun.push(name);
    return name === 'first' ? first.promise : Promise.resolve(0);
  };
  const one = turns.take(work('first'), wanted);
  const others = ['waits', 'waits, too'].map((name) => turns.take(work(name), unwanted.signal));
  unwanted.abort(new Error('not wanted'));
  for (const other of others) await assert.rejects(other, /not wanted/);
  await assert.rejects(turns.take(work('late'), unwanted.signal), /not wanted/);
  first.resolve(1);
  assert.equal(await one, 1);
  // Its turn has come, but not its time.
  const later = new AbortController();
  const two = turns.take(work('rests'), later.signal);
  setImmediate(() => later.abort(new Error('nor this')));
  await assert.rejects(two, /nor this/);
  assert.deepEqual(begun, ['first']);
});
