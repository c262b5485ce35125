import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { ok } from '../../../base/result.ts';
import { takeCommands } from '../../../control/take-commands.ts';
import { runFolder } from '../../../journal/state-dir.ts';
import { CixTable } from '../../cix/cix-table.ts';
import { goodStory } from '../../../../test/rig/stories.ts';
import { host, openTestServer, writeRun } from '../../../../test/rig/server.ts';

const id = '20261121-223012-4k3f9';
const going = '20261121-223013-4k3f9';
const changing = ['start', 'resume', 'next-step', 'pause', 'kill'];

async function withRuns() {
  const server = await openTestServer();
  const { records } = goodStory();
  await writeRun(server.stateDir, id, records);
  server.alive.add(4_711);
  await writeRun(server.stateDir, going, records.slice(0, 3));
  return server;
}

describe("CIX's own routes", () => {
  it('tell which pipelines there are, what they are made of, and what has become of them', async () => {
    await using server = await withRuns();
    const get = async (path: string) => (await server.ask({ url: `/api${path}` })).json<unknown>();
    assert.deepEqual(await get('/pipeline'), [id, going]);
    assert.deepEqual(await get(`/pipeline/${id}/status`), { status: 'successful' });
    assert.deepEqual(await get(`/pipeline/${going}/status`), { status: 'running' });
    const { name, steps } = (await get(`/pipeline/${id}`)) as {
      name: string;
      steps: { name: string; status?: string; steps?: unknown[] }[];
    };
    assert.match(name, /^Pipeline /);
    assert.deepEqual(
      steps.map((step) => [step.name, step.status, step.steps?.length]),
      [
        ['db', 'successful', undefined],
        ['api', 'successful', undefined],
        ['build', 'successful', undefined],
        ['checks', undefined, 2],
        ['deploy', 'successful', undefined],
      ],
    );
  });

  it('tell of a run whose process is gone that nothing of it goes on', async () => {
    await using server = await withRuns();
    const now = async () => {
      const { steps } = (await server.ask({ url: `/api/pipeline/${going}` })).json<{
        steps: { status?: string; service?: string }[];
      }>();
      return [steps[0]!.status, steps[0]!.service, steps[2]!.status];
    };
    assert.deepEqual(await now(), ['running', 'running', 'ready']);
    server.alive.clear();
    assert.deepEqual(await now(), ['failed', 'lost', 'skipped']);
  });

  it('lead from /api-docs to what describes and tries them, for whoever may', async () => {
    await using server = await withRuns();
    for (const [path, to] of [
      ['/api-docs', '/api/v1/docs'],
      ['/api-docs/', '/api/v1/docs'],
      ['/api-docs/swagger.json', '/api/v1/openapi.json'],
    ]) {
      const { statusCode, headers } = await server.ask({ url: path! });
      assert.deepEqual([statusCode, headers.location], [302, to], path);
      const unknown = await server.app.inject({ url: path!, headers: { host } });
      assert.equal(unknown.statusCode, 401, path);
    }
  });

  it('send a heartbeat, as CIX does, where the log that they stream is silent', async (context) => {
    await using server = await openTestServer({ beatMs: 5 });
    context.after(() => server.alive.clear());
    server.alive.add(4_711);
    await writeRun(server.stateDir, id, goodStory().records.slice(0, 3));
    using _control = await takeCommands(runFolder(server.stateDir, id), () => ok(undefined));
    const url = `/api/pipeline/${id}/resume?remoteLogs=true`;
    const response = await server.ask({ url, payloadAsStream: true });
    let text = '';
    for await (const piece of response.stream()) {
      text += String(piece);
      if (text.includes('Heartbeat.')) server.alive.clear();
    }
    const told = text.trimEnd().split('\n');
    const messages = told.map((line) => JSON.parse(line) as { message: string });
    const beats = messages.filter(({ message }) => message === 'Heartbeat.');
    assert.deepEqual(beats[0], { level: 'silly', message: 'Heartbeat.' });
    assert.ok(beats.length < messages.length);
  });

  it('say in a message why they do not do what is asked, with the statuses of CIX', async () => {
    await using server = await withRuns();
    for (const [path, status, words] of [
      ['/pipeline/nothing', 404, /'nothing'/],
      ['/pipeline/nothing/status', 404, /'nothing'/],
      ['/pipeline/nothing/resume', 404, /'nothing'/],
      [`/pipeline/${id}/resume`, 400, /has ended/],
      [`/pipeline/${id}/next-step?blocking=false`, 400, /has ended/],
      [`/pipeline/${id}/kill`, 400, /has ended/],
      [`/pipeline/${id}/resume?blocking=perhaps`, 400, /blocking/],
      [`/pipeline/${id}/resume?unknown=1`, 400, /unknown/],
      ['/pipeline/a/b/c', 404, undefined],
    ] as const) {
      const response = await server.ask({ url: `/api${path}` });
      const told = response.json<{ status: number; message?: string; type: string }>();
      assert.deepEqual([response.statusCode, told.status], [status, status], path);
      assert.match(told.type, /^urn:continuo:/);
      if (words) assert.match(told.message ?? '', words, path);
    }
  });

  it('take an alias for nothing else: neither the name of a pipeline nor its id', async () => {
    await using server = await withRuns();
    const get = (alias: string) => server.ask({ url: `/api/pipeline/alias/${alias}` });
    assert.deepEqual((await get('latest')).json(), { id: going });
    server.index.setAlias('mine', id);
    assert.deepEqual((await get('mine')).json(), { id });
    for (const name of [(await server.index.find(id))!.pipeline, id, id.slice(-5), 'yours']) {
      const response = await get(name);
      assert.equal(response.statusCode, 404, name);
      const told = response.json<{ message: string; type: string }>();
      assert.ok(told.message.includes(`'${name}'`));
      assert.equal(told.type, 'urn:continuo:no-run');
    }
  });

  it('know a plugin by one id, however often it is added', async () => {
    await using server = await withRuns();
    const table = new CixTable(server.database);
    const id = table.addPlugin('/plugins/a.yaml');
    assert.notEqual(table.addPlugin('/plugins/b.yaml'), id);
    assert.equal(table.addPlugin('/plugins/a.yaml'), id);
    assert.equal(table.plugins().length, 2);
  });

  it('take a body of JSON that is empty for none', async () => {
    await using server = await withRuns();
    const post = (path: string) => {
      const headers = { 'content-type': 'application/json' };
      return server.ask({ method: 'POST', url: `/api${path}`, headers, payload: '' });
    };
    assert.equal((await post(`/pipeline/${id}/alias/nightly`)).statusCode, 200);
    assert.equal((await server.index.find('nightly'))?.id, id);
    const without = await post('/pipeline');
    assert.equal(without.statusCode, 400);
    assert.match(without.json<{ message: string }>().message, /body/);
  });

  it('wait while a pipeline is read, where they are to wait', async (context) => {
    await using server = await openTestServer();
    const reader = { pid: 4_711, pidStart: 'some time' };
    server.alive.add(reader.pid);
    server.index.add({ id, pipeline: 'shop', outcome: 'starting', startedAt: 0, ...reader });
    const ask = (query: string) =>
      server.ask({ url: `/api/pipeline/${id}/next-step?blocking=${query}` });
    assert.match((await ask('false')).body, /being-read/);
    const { promise: refused, resolve } = Promise.withResolvers<undefined>();
    const readerOf = server.index.readerOf.bind(server.index);
    let asked = 0;
    context.mock.method(server.index, 'readerOf', (run: string) => {
      if (++asked === 2) resolve(undefined);
      return readerOf(run);
    });
    const waiting = ask('true');
    await Promise.race([waiting, refused]);
    await writeRun(server.stateDir, id, goodStory().records);
    assert.match((await waiting).body, /run-over/);
  });

  it('change nothing for whoever has no token, nor for a page of another server', async () => {
    await using server = await withRuns();
    const { access, app } = server;
    const exchanged = access.exchange(access.newCode(), '127.0.0.1');
    assert.ok('cookie' in exchanged);
    const cookie = `continuo-10030=${exchanged.cookie}`;
    for (const word of changing) {
      const url = `/api/pipeline/${id}/${word}`;
      const status = async (headers: Record<string, string>, method: 'GET' | 'HEAD' = 'GET') =>
        (await app.inject({ method, url, headers: { host, ...headers } })).statusCode;
      assert.equal(await status({}), 401, word);
      assert.equal(await status({ cookie }), 403, word);
      assert.equal(await status({ cookie, 'sec-fetch-site': 'same-site' }), 403, word);
      assert.equal(await status({ cookie, 'sec-fetch-site': 'same-origin' }), 400, word);
      assert.equal(await status({ cookie, 'sec-fetch-site': 'same-origin' }, 'HEAD'), 404, word);
    }
  });
});
