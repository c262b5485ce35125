import assert from 'node:assert/strict';
import { it } from 'node:test';

import { Turns } from './turns.ts';

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
      }),
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
    turns.take(() => Promise.reject(new Error('no'))),
    /no/,
  );
  assert.equal(await turns.take(() => Promise.resolve(7)), 7);
});
