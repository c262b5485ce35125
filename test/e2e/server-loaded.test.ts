import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { Place } from '../rig/cli.ts';
import { ask, comesTo, killRunner, load, post, resume, states, tell } from '../rig/server-runs.ts';
import { serve } from '../rig/serving.ts';

import type { Serving } from '../rig/serving.ts';

const secret = 'hunter2hunter2';
const text = `version: 2.1
pipeline:
  - step:
      name: db
      background: true
      commands: ['echo up; until [ -e die ]; do sleep 0.02; done; exit 9']
      ready: {log: ^up}
  - step:
      name: one
      environment: [{name: COLOR}, {name: PASSWORD}]
      commands-output: minimal
      commands: ['echo "$COLOR:$PASSWORD" | tee said']
  - step: {name: two, commands: ["true"]}
`;

const environment = async (server: Serving, run: string): Promise<unknown> =>
  await (await server.ask(`/api/v1/runs/${run}/environment`)).json();

/** The files below a folder that hold a text. */
function filesWith(folder: string, needle: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => readFileSync(path).includes(needle));
}

const orderOf = (place: Place, run: string): string => join(place.stateDir, 'runs', run, 'order');
const keyOf = (place: Place): string => join(place.stateDir, 'server', 'key');

describe('a run that is loaded', () => {
  it('has a log that has not ended, and grows once it goes on', async () => {
    await using place = new Place();
    const server = await serve(place);
    const says = `version: 2.1\npipeline: [{step: {name: a, commands: ['echo hello']}}]\n`;
    const { id } = await load(server, { text: says, load: true });
    const log = async (): Promise<unknown> => {
      const answer = await server.ask(`/api/v1/runs/${id}/logs/lines`);
      const { total, ended } = (await answer.json()) as { total: number; ended: boolean };
      return { total, ended };
    };
    assert.deepEqual(await log(), { total: 0, ended: false });
    assert.equal(await resume(server, id), '200');
    await comesTo(server, id, ({ outcome }) => outcome === 'succeeded');
    assert.deepEqual(await log(), { total: 2, ended: true });
  });

  it('goes on phase by phase, is given variables, and shows no secret', async () => {
    await using place = new Place();
    const server = await serve(place);
    const { id, outcome } = await load(server, {
      ...{ text, name: 'shop', load: true },
      variables: { COLOR: 'red', 'my.size': 'm' },
      secrets: { PASSWORD: 'something-else' },
    });
    assert.equal(outcome, 'loaded');
    const told = await tell(server, id);
    assert.equal(states(told), 'pending pending pending');
    assert.equal(told.paused?.why.kind, 'loaded');
    assert.deepEqual(await environment(server, id), {
      variables: [
        { name: 'COLOR', value: 'red', secret: false },
        { name: 'my.size', value: 'm', secret: false },
        { name: 'PASSWORD', secret: true },
      ],
    });
    assert.equal(await resume(server, id, { step: 'tow' }), '422 urn:continuo:unknown-step');
    assert.equal((await tell(server, id)).outcome, 'loaded');
    assert.equal(await resume(server, 'shop', 'next'), '200');
    const paused = await comesTo(server, id, (now) => now.paused?.why.kind === 'break');
    assert.equal(paused.outcome, 'running');
    assert.match(states(paused), /^ready \w+ pending$/);
    const give = (body: object) => post(server, `/${id}/environment`, body);
    assert.equal((await give({ name: 'COLOR', value: 'blue' })).status, 200);
    assert.equal((await give({ name: 'PASSWORD', value: secret, secret: true })).status, 200);
    assert.equal((await give({ name: 'my.size', value: 'xl' })).status, 200);
    assert.equal((await give({ name: 'no name', value: '' })).status, 400);
    assert.equal(await resume(server, id, { step: 'one' }), '200');
    await comesTo(server, id, (now) => states(now) === 'ready ended pending');
    assert.equal(readFileSync(join(place.dir, 'said'), 'utf8'), `blue:${secret}\n`);
    const log = await (await server.ask(`/api/v1/runs/${id}/logs?task=one`)).text();
    assert.match(log, /^blue:\*+$/m);
    assert.deepEqual(await environment(server, id), {
      variables: [
        { name: 'COLOR', value: 'blue', secret: false },
        { name: 'my.size', value: 'xl', secret: false },
        { name: 'PASSWORD', secret: true },
      ],
    });
    assert.equal(await resume(server, id), '200');
    await comesTo(server, id, (now) => now.outcome === 'succeeded');
    assert.deepEqual(filesWith(place.stateDir, secret), []);
  });

  it('is not loaded with mistakes, and is ended without having begun', async () => {
    await using place = new Place();
    const server = await serve(place);
    const wrong = await post(server, '', { text: text.replaceAll('step:', 'stepp:'), load: true });
    assert.equal(wrong.status, 422);
    assert.deepEqual(readdirSync(join(place.stateDir, 'runs')), []);
    const { id } = await load(server, { text, load: true });
    assert.equal(await ask(server, id, { do: 'kill' }), '200');
    const told = await comesTo(server, id, (now) => now.outcome === 'cancelled');
    assert.equal(told.cancelledBy, 'ann');
    assert.equal(states(told), 'ended ended ended');
    assert.equal(await resume(server, id), '409 urn:continuo:run-over');
  });

  it('outlives its server and its runner, its secrets sealed, and wiped once it begins', async () => {
    await using place = new Place();
    let server = await serve(place);
    const { id } = await load(server, { text, load: true, secrets: { PASSWORD: secret } });
    const given = { name: 'COLOR', value: 'green' };
    assert.equal((await post(server, `/${id}/environment`, given)).status, 200);
    server.running.child.kill('SIGKILL');
    await server.running.told;
    assert.deepEqual(filesWith(place.stateDir, secret), []);
    for (const path of [orderOf(place, id), keyOf(place)])
      assert.equal(statSync(path).mode & 0o777, 0o600, path);
    server = await serve(place, { port: server.port });
    const { id: other } = await load(server, { text, load: true });
    assert.equal((await tell(server, id)).outcome, 'loaded');
    await killRunner(server, id);
    assert.equal((await tell(server, id)).outcome, 'loaded');
    assert.equal(await resume(server, id), '200');
    assert.ok(!existsSync(orderOf(place, id)));
    await comesTo(server, id, (now) => now.outcome === 'succeeded');
    assert.equal(readFileSync(join(place.dir, 'said'), 'utf8'), `green:${secret}\n`);
    assert.deepEqual(filesWith(place.stateDir, secret), []);
    while (existsSync(keyOf(place))) await delay(50);
    assert.equal(await ask(server, other, { do: 'kill' }), '200');
  });

  it('has nothing sealed when it has no secrets', async () => {
    await using place = new Place();
    const server = await serve(place);
    const { id } = await load(server, { text, load: true, variables: { COLOR: 'red' } });
    assert.ok(existsSync(orderOf(place, id)));
    assert.ok(!existsSync(keyOf(place)));
    assert.equal(await ask(server, id, { do: 'kill' }), '200');
    await comesTo(server, id, (now) => now.outcome === 'cancelled');
  });

  it('stops at its next phase when a service has died in the pause before, which is told at once', async () => {
    await using place = new Place();
    const server = await serve(place);
    const { id } = await load(server, { text, load: true });
    assert.equal(await resume(server, id, { step: 'one' }), '200');
    await comesTo(server, id, (now) => states(now) === 'ready ended pending');
    writeFileSync(join(place.dir, 'die'), '');
    const died = await comesTo(server, id, (now) => now.paused?.why.kind === 'failure');
    assert.equal(states(died), 'ended ended pending');
    assert.equal(died.outcome, 'running');
    assert.equal(await resume(server, id, 'next'), '200');
    const told = await comesTo(server, id, (now) => now.outcome === 'failed');
    assert.deepEqual([told.cause?.kind, told.cause?.service], ['service', 'db']);
  });
});
