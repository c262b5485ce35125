import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { Place } from '../rig/cli.ts';
import { serve } from '../rig/serving.ts';

import type { Serving } from '../rig/serving.ts';

const text = `version: 2.1
pipeline:
  - step:
      name: db
      background: true
      commands: [echo up; exec sleep 1000]
      ready: {log: ^up}
  - step: {name: one, commands: ['until [ -e go ]; do sleep 0.02; done']}
  - step: {name: two, commands: ["true"]}
  - step: {name: three, commands: ["true"]}
`;

const post = async (server: Serving, path: string, body: unknown): Promise<Response> =>
  server.ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

async function start(server: Serving): Promise<string> {
  const response = await post(server, '/api/v1/runs', { text, name: 'shop' });
  assert.equal(response.status, 201);
  return ((await response.json()) as { id: string }).id;
}

/** What came of a command: the status, and why not. */
async function ask(server: Serving, run: string, command: object): Promise<string> {
  const body = { by: 'ann', ...command };
  const response = await post(server, `/api/v1/runs/${run}/commands`, body);
  const { type } = (await response.json()) as { type?: string };
  return `${response.status}${type === undefined ? '' : ` ${type}`}`;
}

interface Told {
  readonly outcome: string;
  readonly cancelledBy?: string;
  readonly nodes: readonly { readonly name: string; readonly state: string }[];
}

const tell = async (server: Serving, run: string): Promise<Told> =>
  (await (await server.ask(`/api/v1/runs/${run}`)).json()) as Told;

const stateOf = ({ nodes }: Told, wanted: string): string | undefined =>
  nodes.find(({ name }) => name === wanted)?.state;

async function comesTo(server: Serving, run: string, is: (told: Told) => boolean): Promise<void> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const told = await tell(server, run);
    if (is(told)) return;
    assert.ok(performance.now() < deadline, JSON.stringify(told));
    await delay(20);
  }
}

describe('a run that a server is asked about', () => {
  it('is paused, goes on by one step and then to its end, with its services up', async () => {
    await using place = new Place();
    const server = await serve(place);
    const run = await start(server);
    const until = (is: (told: Told) => boolean) => comesTo(server, run, is);
    await until((told) => stateOf(told, 'one') === 'running');
    assert.equal(await ask(server, run, { do: 'pause' }), '200');
    place.file('go', '');
    await until((told) => stateOf(told, 'one') === 'ended');
    assert.equal(stateOf(await tell(server, run), 'two'), 'pending');
    const nowhere = { do: 'resume', to: { step: 'tow' } };
    assert.equal(await ask(server, run, nowhere), '422 urn:continuo:unknown-step');
    assert.equal(await ask(server, run, { do: 'resume', to: 'next' }), '200');
    await until((told) => stateOf(told, 'two') === 'ended');
    const paused = await tell(server, run);
    assert.equal(stateOf(paused, 'three'), 'pending');
    assert.equal(stateOf(paused, 'db'), 'ready');
    const nobody = { do: 'approve', step: 'two' };
    assert.equal(await ask(server, run, nobody), '409 urn:continuo:not-asked');
    assert.equal(await ask(server, run, { do: 'resume', to: 'all' }), '200');
    await until(({ outcome }) => outcome === 'succeeded');
    assert.equal(await ask(server, run, { do: 'pause' }), '409 urn:continuo:run-over');
  });

  it('is ended, cleaned up, when that is asked', async () => {
    await using place = new Place();
    const server = await serve(place);
    const run = await start(server);
    assert.equal(await ask(server, 'shop', { do: 'kill' }), '200');
    await comesTo(server, run, ({ outcome }) => outcome === 'cancelled');
  });

  it('takes nothing but commands, and only while it is there', async () => {
    await using place = new Place();
    const server = await serve(place);
    assert.equal(await ask(server, 'latest', { do: 'pause' }), '404 urn:continuo:no-run');
    const run = await start(server);
    for (const wrong of [{}, { do: 'explode' }, { do: 'resume' }, { do: 'pause', by: '' }])
      assert.equal(await ask(server, run, wrong), '400 urn:continuo:bad-request');
    assert.equal(await ask(server, run, { do: 'kill' }), '200');
    await comesTo(server, run, ({ outcome }) => outcome === 'cancelled');
  });
});
