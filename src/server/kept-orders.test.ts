import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { temporaryFolder } from '../../test/rig/journal.ts';
import { inShortage } from '../../test/rig/shortage.ts';
import { writeRun } from '../../test/rig/server.ts';
import { goodStory } from '../../test/rig/stories.ts';
import { isKept, runBefore } from '../journal/order-file.ts';
import { runFolder } from '../journal/state-dir.ts';
import { KeptOrders, unbegun } from './kept-orders.ts';
import { keyPath } from './seal.ts';
import { wipeBegun } from './wipe-begun.ts';
import { withVariable } from './with-variable.ts';

import type { Order } from './order.ts';

const run = '20261121-223012-4k3f9';
const secret = 'hunter2hunter2';

async function openOrders() {
  const folder = await temporaryFolder();
  const { path: stateDir } = folder;
  const serverDir = join(stateDir, 'server');
  for (const made of [serverDir, runFolder(stateDir, run)]) mkdirSync(made, { recursive: true });
  const order: Order = {
    ...{ run, stateDir, workspace: '/work', file: '/work/shop.yaml', executor: 'host', load: true },
    ...{ variables: { COLOR: 'red' }, secrets: {} },
  };
  const orders = new KeptOrders(stateDir, serverDir);
  return {
    ...{ stateDir, serverDir, orders, order, file: join(runFolder(stateDir, run), 'order') },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

describe('an order that is kept', () => {
  it('is as it was given, for its owner only, and nothing of it is sealed without secrets', async () => {
    await using place = await openOrders();
    const { orders, order, stateDir, serverDir, file } = place;
    const kept = { order, at: 7, begins: { after: 'other', always: true } };
    orders.put(kept);
    assert.deepEqual(orders.get(run), kept);
    assert.deepEqual(unbegun(stateDir, run), {
      ...{ id: run, pipeline: 'shop', startedAt: 7, after: 'other' },
    });
    assert.equal(runBefore(stateDir, run), 'other');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.ok(!existsSync(keyPath(serverDir)));
  });

  it('has its secrets sealed, and the key is there as long as anything is', async () => {
    await using place = await openOrders();
    const { orders, order, stateDir, serverDir, file } = place;
    const kept = {
      order: withVariable(order, { name: 'KEY', value: secret, secret: true }),
      at: 7,
    };
    orders.put(kept);
    assert.deepEqual(orders.get(run), kept);
    assert.ok(!readFileSync(file).includes(secret));
    orders.tidy([]);
    assert.ok(existsSync(keyPath(serverDir)));
    rmSync(file);
    orders.tidy([]);
    assert.ok(!existsSync(keyPath(serverDir)) && !isKept(stateDir, run));
    assert.equal(orders.get(run), undefined);
  });

  it('cannot be opened without the key, and is forgotten once its run has begun', async () => {
    await using place = await openOrders();
    const { orders, order, stateDir, serverDir } = place;
    orders.put({ order: { ...order, secrets: { KEY: secret } }, at: 7 });
    await wipeBegun(stateDir);
    assert.ok(isKept(stateDir, run));
    rmSync(keyPath(serverDir));
    assert.equal(orders.get(run), undefined);
    await writeRun(stateDir, run, goodStory().records);
    await wipeBegun(stateDir);
    assert.ok(!isKept(stateDir, run));
  });
});

describe('a variable of an order', () => {
  it('is kept, and its key, through a moment in which no file can be opened', async () => {
    await using place = await openOrders();
    const { orders, order, stateDir } = place;
    const kept = {
      order: withVariable(order, { name: 'KEY', value: secret, secret: true }),
      at: 7,
    };
    orders.put(kept);
    await inShortage(() => {
      assert.throws(() => orders.get(run), { code: 'EMFILE' });
      assert.throws(() => unbegun(stateDir, run), { code: 'EMFILE' });
      assert.throws(() => orders.tidy([run]), { code: 'EMFILE' });
    });
    assert.deepEqual(orders.get(run), kept);
  });

  it('takes the place of what had its name, whichever was secret', async () => {
    await using place = await openOrders();
    const hidden = withVariable(place.order, { name: 'COLOR', value: 'blue', secret: true });
    assert.deepEqual([hidden.variables, hidden.secrets], [{}, { COLOR: 'blue' }]);
    const open = withVariable(hidden, { name: 'COLOR', value: 'green' });
    assert.deepEqual([open.variables, open.secrets], [{ COLOR: 'green' }, {}]);
    const empty = withVariable(open, { name: 'COLOR', value: '', secret: true });
    assert.deepEqual([empty.variables, empty.secrets], [{ COLOR: '' }, {}]);
  });
});
