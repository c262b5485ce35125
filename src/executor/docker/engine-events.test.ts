import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { PuppetEngine } from '../../../test/rig/puppet-engine.ts';
import { clientFor } from './connect.ts';
import { EngineEvents } from './engine-events.ts';

import type { ServerResponse } from 'node:http';
import type { Heard } from './engine-events.ts';

const nothing: Heard = { signals: [], outOfMemory: false, died: false, removed: false };

const until = async (fact: () => boolean): Promise<void> => {
  while (!fact()) await delay(1);
};

describe('what the engine tells', () => {
  let engine: PuppetEngine;
  let events: EngineEvents;
  let listeners: ServerResponse[];
  let nanos: number;

  beforeEach(async () => {
    listeners = [];
    nanos = 1_700_000_000_000_000_000;
    engine = await PuppetEngine.start((_, response) => {
      response.writeHead(200).flushHeaders();
      listeners.push(response);
    });
    events = new EngineEvents(clientFor({ kind: 'socket', path: engine.path }), 'run=r1');
    await until(() => listeners.length === 1);
  });

  afterEach(async () => {
    events[Symbol.dispose]();
    await engine[Symbol.asyncDispose]();
  });

  const line = (id: string, Action: string, signal?: string): string => {
    nanos += 1_000_000_000;
    const Actor = { ID: id, Attributes: { image: 'x', ...(signal !== undefined && { signal }) } };
    return `${JSON.stringify({ Type: 'container', Action, Actor, time: 0, timeNano: nanos })}\n`;
  };
  const tell = (...lines: string[]): void => void listeners.at(-1)!.write(lines.join(''));
  const queryOf = (index: number): URLSearchParams =>
    new URLSearchParams(engine.asked[index]!.split('?')[1]);

  it('is asked for the containers with a label alone', () => {
    assert.deepEqual(JSON.parse(queryOf(0).get('filters')!), {
      type: ['container'],
      label: ['run=r1'],
    });
    assert.equal(queryOf(0).get('since'), null);
  });

  it('is kept for each container, in the words of Docker and of Podman', async () => {
    tell(
      line('a', 'create'),
      line('a', 'kill', '15'),
      line('a', 'kill', 'SIGUSR1'),
      line('a', 'kill', '14'),
      line('b', 'oom'),
      line('b', 'died'),
      line('b', 'remove'),
      'no JSON\n{}\n\n',
      line('a', 'exec_die'),
      line('a', 'die'),
      line('a', 'destroy'),
    );
    await until(() => events.of('a').removed);
    const { signals } = events.of('a');
    assert.deepEqual(signals, ['TERM', 'USR1', 'ALRM']);
    assert.deepEqual(events.of('a'), { ...nothing, signals, died: true, removed: true });
    assert.deepEqual(events.of('b'), { ...nothing, outOfMemory: true, died: true, removed: true });
    assert.deepEqual(events.of('c'), nothing);
  });

  it('is read whole, however its lines are cut', async () => {
    const whole = line('a', 'die');
    tell(line('b', 'die'), whole.slice(0, 20));
    await until(() => events.of('b').died);
    tell(whole.slice(20));
    await until(() => events.of('a').died);
  });

  it('can be waited for up to a death, or no longer than one wants', async () => {
    const died = events.ofDead('a', 60_000);
    tell(line('a', 'kill', 'KILL'), line('b', 'die'), line('a', 'die'));
    assert.deepEqual(await died, { ...nothing, signals: ['KILL'], died: true });
    assert.deepEqual(await events.ofDead('a', 60_000), await died);
    assert.deepEqual(await events.ofDead('c', 1), nothing);
  });

  it('can be waited for until it says that memory ran out, even after the death', async () => {
    const starved = events.ofStarved('a', 60_000);
    tell(line('a', 'die'));
    await until(() => events.of('a').died);
    tell(line('a', 'oom'));
    assert.deepEqual(await starved, { ...nothing, outOfMemory: true, died: true });
  });

  it('is asked for again after a lost connection, from the last that was heard', async () => {
    for (const lose of [
      (response: ServerResponse) => void response.destroy(),
      (response: ServerResponse) => void response.end(),
    ]) {
      const before = listeners.length;
      const id = `lost ${before}`;
      tell(line(id, 'kill', '15'));
      await until(() => events.of(id).signals.length === 1);
      const last = nanos;
      lose(listeners.at(-1)!);
      await until(() => listeners.length === before + 1);
      const since = Number(queryOf(before).get('since'));
      assert.ok(since > last / 1e9 && since < last / 1e9 + 0.001, `${since} ${last}`);
      tell(line(id, 'die'));
      await until(() => events.of(id).died);
      assert.deepEqual(events.of(id), { ...nothing, signals: ['TERM'], died: true });
    }
  });

  it('is not listened to any more in the end', async () => {
    const [response] = listeners;
    const closed = once(response!, 'close');
    events[Symbol.dispose]();
    events[Symbol.dispose]();
    await closed;
    assert.equal(engine.asked.length, 1);
  });
});
