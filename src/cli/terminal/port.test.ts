import assert from 'node:assert/strict';
import { PassThrough, Writable } from 'node:stream';
import { describe, it } from 'node:test';

import { Story, plan, step } from '../../../test/rig/story.ts';
import { plainReporter } from './plain-reporter.ts';
import { openPort, send } from './port.ts';

import type { JournalRecord } from '../../event/event.ts';

describe('a port', () => {
  it('says when the reader has fallen behind, and when it has caught up', async () => {
    const stream = new PassThrough({ highWaterMark: 4 });
    const port = openPort(stream);
    assert.equal(port.write('more than four'), false);
    let drained = false;
    const draining = port.drained().then(() => (drained = true));
    await new Promise((turn) => setImmediate(turn));
    assert.equal(drained, false);
    stream.resume();
    await draining;
  });

  it('drops what nobody will read', async () => {
    const stream = new PassThrough({ highWaterMark: 4 });
    const port = openPort(stream);
    port.write('more than four');
    const draining = port.drained();
    stream.destroy(new Error('EPIPE'));
    await draining;
    assert.equal(port.write('for nobody'), true);
    await port.drained();
  });

  it('has sent bytes once its reader has all of them', async () => {
    const stream = new PassThrough({ highWaterMark: 64 });
    const port = openPort(stream);
    stream.cork();
    const bytes = Buffer.from('on loan');
    let isSent = false;
    const sending = send(port, bytes).then(() => (isSent = true));
    await new Promise((turn) => setImmediate(turn));
    assert.equal(isSent, false);
    stream.uncork();
    await sending;
  });

  it('has sent what nobody will read', async () => {
    const stuck = new Writable({ write: () => undefined });
    const port = openPort(stuck);
    const sending = send(port, 'x');
    stuck.destroy(new Error('EPIPE'));
    await sending;
    await send(port, 'for nobody');
  });

  it('has a usual size where there is none', () => {
    const { isTTY, columns, rows } = openPort(new PassThrough());
    assert.deepEqual({ isTTY, columns, rows }, { isTTY: false, columns: 80, rows: 24 });
  });

  it('forgets what was to be written at exit', () => {
    const before = process.listenerCount('exit');
    const forget = openPort(new PassThrough()).atExit('x');
    assert.equal(process.listenerCount('exit'), before + 1);
    forget();
    assert.equal(process.listenerCount('exit'), before);
  });
});

it('takes no more from the journal than its reader takes from it', async () => {
  const stream = new PassThrough();
  const [begin] = new Story(plan('p', step('a'))).records;
  const bytes = Buffer.from(`${'x'.repeat(49)}\n`.repeat(1_000));
  let taken = 0;
  async function* endless(): AsyncGenerator<JournalRecord> {
    yield begin!;
    for (;;) {
      taken += 1;
      const head = { seq: taken, at: 0, type: 'output', task: 'a', stream: 'stdout' } as const;
      yield await Promise.resolve({ ...head, bytes });
    }
  }
  const reporter = plainReporter(openPort(stream), { color: false, unicode: true });
  const showing = reporter.run(endless(), endless).catch(() => undefined);
  for (let turn = 0; turn < 100; turn++) await new Promise((next) => setImmediate(next));
  assert.ok(taken >= 1 && taken < 5, `${taken} records`);
  void showing;
});
