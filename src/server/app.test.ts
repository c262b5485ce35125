import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { describe, it, mock } from 'node:test';

import { goodStory } from '../../test/rig/stories.ts';
import { openTestServer, writeRun } from '../../test/rig/server.ts';
import { inShortage } from '../../test/rig/shortage.ts';
import { runFolder } from '../journal/state-dir.ts';
import { KeptOrders } from './kept-orders.ts';
import { serverDirOf } from './where.ts';

const id = '20261121-223012-4k3f9';

async function withOneRun() {
  const server = await openTestServer();
  const { records } = goodStory();
  await writeRun(server.stateDir, id, records);
  return Object.assign(server, { records });
}

describe('the API', () => {
  it('lists runs, the latest first, page by page, and filtered', async () => {
    await using server = await withOneRun();
    const later = '20261121-223013-4k3f9';
    await writeRun(server.stateDir, later, server.records.slice(0, 3));
    const list = async (query: string) =>
      (await server.ask({ url: `/api/v1/runs${query}` })).json<{
        runs: { id: string; outcome: string }[];
        next?: string;
      }>();
    const ids = ({ runs }: { runs: { id: string }[] }) => runs.map((run) => run.id);
    assert.deepEqual(ids(await list('')), [later, id]);
    const page = await list('?limit=1');
    assert.deepEqual([ids(page), page.next], [[later], later]);
    assert.deepEqual(ids(await list(`?limit=1&before=${later}`)), [id]);
    assert.deepEqual(ids(await list('?outcome=succeeded')), [id]);
    assert.deepEqual(ids(await list('?outcome=lost')), [later]);
    assert.deepEqual(ids(await list('?pipeline=shop')), [later, id]);
    assert.deepEqual(ids(await list('?pipeline=other')), []);
    assert.deepEqual(ids(await list('?contains=HO')), [later, id]);
    assert.deepEqual(ids(await list('?contains=%25')), []);
  });

  it('lists a run whose order cannot be read in this moment', async () => {
    await using server = await openTestServer();
    const { stateDir, workspace } = server;
    mkdirSync(runFolder(stateDir, id), { recursive: true });
    const order = {
      run: id,
      stateDir,
      workspace,
      text: 'a',
      executor: 'host',
      load: true,
    } as const;
    const begins = { after: 'other', always: false };
    new KeptOrders(stateDir, serverDirOf(stateDir)).put({
      ...{ order: { ...order, variables: {}, secrets: {} }, at: 7, begins },
    });
    const list = async () => {
      const response = await server.ask({ url: '/api/v1/runs' });
      assert.equal(response.statusCode, 200, response.body);
      return response.json<{ runs: { id: string; after?: string }[] }>().runs;
    };
    const told = (runs: { id: string; after?: string }[]) => runs.map((run) => [run.id, run.after]);
    assert.deepEqual(told(await list()), [[id, 'other']]);
    assert.deepEqual(told(await inShortage(list)), [[id, undefined]]);
  });

  it('tells of a run what its events come to, by its id, its name and as the latest', async () => {
    await using server = await withOneRun();
    for (const name of [id, 'shop', 'latest']) {
      const response = await server.ask({ url: `/api/v1/runs/${name}` });
      assert.equal(response.statusCode, 200, response.body);
      const run = response.json<{
        id: string;
        outcome: string;
        nodes: { id: string; kind: string; state: string; parent?: string; stage: string }[];
      }>();
      assert.deepEqual([run.id, run.outcome], [id, 'succeeded']);
      const browser = run.nodes.find((node) => node.id.endsWith('browser-tests'));
      assert.equal(browser?.state, 'ended');
      assert.ok(browser.parent?.endsWith('checks'));
      assert.ok(run.nodes.some(({ kind, state }) => kind === 'service' && state === 'ended'));
    }
  });

  it('tells of a run that goes on what has happened since it was asked last', async () => {
    await using server = await openTestServer();
    const { records } = goodStory();
    server.alive.add(4_711);
    await writeRun(server.stateDir, id, records.slice(0, -1));
    const outcome = async () =>
      (await server.ask({ url: `/api/v1/runs/${id}` })).json<{ outcome: string }>().outcome;
    assert.equal(await outcome(), 'running');
    server.alive.clear();
    assert.equal(await outcome(), 'lost');
  });

  it('tells the plan and the tests of a run', async () => {
    await using server = await withOneRun();
    const plan = await server.ask({ url: `/api/v1/runs/${id}/plan` });
    assert.equal(plan.json<{ name: string }>().name, 'shop');
    const tests = await server.ask({ url: `/api/v1/runs/${id}/tests` });
    assert.deepEqual(tests.json(), { reports: [] });
  });

  it('says of a run that nobody has read yet that nothing is known of its steps', async () => {
    await using server = await openTestServer();
    server.alive.add(4_711);
    await writeRun(server.stateDir, id, goodStory().records.slice(0, 3));
    const order = { text: 'version: 2.1', after: id };
    const kept = await server.ask({ method: 'POST', url: '/api/v1/runs', payload: order });
    assert.equal(kept.statusCode, 201, kept.body);
    const { id: unread } = kept.json<{ id: string }>();
    for (const path of ['plan', 'failure', 'logs', 'logs/lines', 'logs/search?text=a']) {
      const response = await server.ask({ url: `/api/v1/runs/${unread}/${path}` });
      const { type } = response.json<{ type: string }>();
      assert.deepEqual([response.statusCode, type], [409, 'urn:continuo:not-read'], path);
    }
  });

  it('describes itself as OpenAPI 3.1, with every problem', async () => {
    await using server = await openTestServer();
    const response = await server.ask({ url: '/api/v1/openapi.json' });
    const api = response.json<{
      openapi: string;
      paths: Record<string, Record<string, { responses: object }>>;
    }>();
    assert.match(api.openapi, /^3\.1\./);
    assert.ok(Object.keys(api.paths).includes('/api/v1/runs/{run}/events'));
    for (const [path, methods] of Object.entries(api.paths))
      for (const { responses } of Object.values(methods))
        assert.ok(
          Object.keys(responses).includes('4XX'),
          `${path}: ${Object.keys(responses).join()}`,
        );
  });
});

describe('events', () => {
  const idsOf = (body: string): number[] =>
    [...body.matchAll(/^id: (\d+)$/gm)].map(([, seq]) => Number(seq));

  it('are told from the first, or from any on, each once, and then the end', async () => {
    await using server = await withOneRun();
    const all = server.records.map(({ seq }) => seq);
    const url = `/api/v1/runs/${id}/events`;
    const whole = await server.ask({ url });
    assert.match(String(whole.headers['content-type']), /^text\/event-stream/);
    assert.deepEqual(idsOf(whole.body), all);
    assert.match(whole.body, /event: end\ndata: \{"outcome":"succeeded"\}\n\n$/);
    const rest = await server.ask({ url, headers: { 'last-event-id': '7' } });
    assert.deepEqual(idsOf(rest.body), all.slice(8));
    assert.deepEqual(idsOf((await server.ask({ url: `${url}?from=3` })).body), all.slice(3));
    const last = String(all.at(-1));
    const nothing = await server.ask({ url, headers: { 'last-event-id': last } });
    assert.equal(nothing.statusCode, 204);
  });

  it('are asked for no more by a browser that has all of a run that is lost', async () => {
    await using server = await openTestServer();
    await writeRun(server.stateDir, id, goodStory().records.slice(0, 3));
    const url = `/api/v1/runs/${id}/events`;
    const { body } = await server.ask({ url });
    assert.deepEqual(idsOf(body), [0, 1, 2]);
    assert.match(body, /event: end\ndata: \{"outcome":"lost"/);
    const again = await server.ask({ url, headers: { 'last-event-id': '2' } });
    assert.equal(again.statusCode, 204);
  });

  it('are told of a run that got its journal with its end, after that was looked for', async () => {
    await using server = await openTestServer();
    const { index, stateDir, alive } = server;
    alive.add(7);
    index.add({ id, pipeline: 'shop', outcome: 'starting', startedAt: Date.now(), pid: 7 });
    let looks = 0;
    const find = index.find.bind(index);
    mock.method(index, 'find', async (wanted: string) => {
      looks += 1;
      if (looks === 2) await writeRun(stateDir, id, goodStory().records);
      return find(wanted);
    });
    const { body } = await server.ask({ url: `/api/v1/runs/${id}/events` });
    assert.deepEqual(idsOf(body), [...goodStory().records.keys()]);
    assert.match(body, /event: end\ndata: \{"outcome":"succeeded"\}/);
  });

  it('have output as text, or as base64 when it is not UTF-8', async () => {
    await using server = await openTestServer();
    const story = goodStory();
    const [first] = story.records;
    const bytes = Buffer.from([0xff, 0x0a]);
    const head = { at: 1, type: 'output', task: 'build', stream: 'stdout' } as const;
    await writeRun(server.stateDir, id, [
      first!,
      { ...head, seq: 1, bytes: Buffer.from('é\n') },
      { ...head, seq: 2, bytes },
    ]);
    const { body } = await server.ask({ url: `/api/v1/runs/${id}/events?follow=false` });
    const data = [...body.matchAll(/^data: (.*)$/gm)].map(
      ([, json]) => JSON.parse(json!) as { text?: string; base64?: string },
    );
    assert.equal(data[1]?.text, 'é\n');
    assert.equal(data[2]?.base64, bytes.toString('base64'));
    const without = await server.ask({
      url: `/api/v1/runs/${id}/events?output=false&follow=false`,
    });
    assert.deepEqual(idsOf(without.body), [0]);
  });
});

describe('logs', () => {
  const logs = async (server: Awaited<ReturnType<typeof withOneRun>>, query: string) =>
    (await server.ask({ url: `/api/v1/runs/${id}/logs${query}` })).body;

  it('are plain text of one task, or of all of them by name', async () => {
    await using server = await withOneRun();
    const response = await server.ask({ url: `/api/v1/runs/${id}/logs?task=build` });
    assert.match(String(response.headers['content-type']), /^text\/plain; charset=utf-8/);
    assert.equal(response.body, 'compiling…\n');
    const all = await logs(server, '');
    assert.match(all, /^db \| database system is ready to accept connections\napi \| listening/);
  });

  it('are given by a range of lines, and from their end', async () => {
    await using server = await withOneRun();
    const lines = (await logs(server, '')).split(/(?<=\n)/);
    assert.equal(await logs(server, '?from=2&count=2'), lines.slice(1, 3).join(''));
    assert.equal(await logs(server, '?from=3'), lines.slice(2).join(''));
    assert.equal(await logs(server, '?count=1'), lines[0]);
    assert.equal(await logs(server, '?tail=2'), lines.slice(-2).join(''));
    assert.equal(await logs(server, '?tail=1&follow=true'), lines.at(-1));
    assert.equal(await logs(server, '?from=1000'), '');
  });
});
