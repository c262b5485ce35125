import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { Place } from '../rig/cli.ts';
import { ask, comesTo, load, post, resume, tell } from '../rig/server-runs.ts';
import { serve } from '../rig/serving.ts';

const pipeline = (name: string, ...commands: string[]): string =>
  `version: 2.1\npipeline:\n  - step: ${JSON.stringify({ name, 'commands-output': 'minimal', environment: [{ name: 'KEY' }], commands })}\n`;

const secret = 'hunter2hunter2';

describe('runs that are linked', () => {
  it('begin one after the other, over another start of the server, each read when it is its turn', async () => {
    await using place = new Place();
    let server = await serve(place);
    const second = pipeline('second', 'echo "$KEY" >said');
    place.file('written', second);
    const first = pipeline('first', 'until [ -e go ]; do sleep 0.02; done; cp written second.yaml');
    const one = await load(server, { text: first, name: 'one', load: true });
    place.file('second.yaml', 'not written yet');
    const two = await load(server, { file: 'second.yaml', after: 'one', secrets: { KEY: secret } });
    assert.equal(two.outcome, 'loaded');
    const three = await load(server, { text: pipeline('third', 'true'), after: two.id });
    assert.equal((await tell(server, two.id)).after, one.id);
    assert.equal(await resume(server, one.id), '200');
    server.running.child.kill('SIGKILL');
    await server.running.told;
    place.file('go', '');
    server = await serve(place, { port: server.port });
    await comesTo(server, three.id, ({ outcome }) => outcome === 'succeeded');
    assert.equal(readFileSync(join(place.dir, 'said'), 'utf8'), `${secret}\n`);
    const key = join(place.stateDir, 'server', 'key');
    while (existsSync(key)) await delay(50);
  });

  it('are cancelled when that before them fails, but for what begins in any case', async () => {
    await using place = new Place();
    const server = await serve(place);
    const first = await load(server, { text: pipeline('first', 'exit 3'), load: true });
    const next = await load(server, { text: pipeline('next', 'touch next'), after: first.id });
    const last = { text: pipeline('last', 'touch last'), after: next.id, always: true };
    const teardown = await load(server, last);
    assert.equal(await resume(server, first.id), '200');
    await comesTo(server, teardown.id, ({ outcome }) => outcome === 'succeeded');
    const told = await tell(server, next.id);
    assert.equal(told.outcome, 'cancelled');
    assert.equal(told.cancelledBy, `run ${first.id}, which failed`);
    assert.ok(!existsSync(join(place.dir, 'next')) && existsSync(join(place.dir, 'last')));
  });

  it('may have files that those before them write, but none outside of the workspace', async () => {
    await using place = new Place();
    const server = await serve(place);
    place.file('text', pipeline('second', 'echo second >said'));
    place.file('first.yaml', pipeline('first', 'mkdir made', 'cp text made/second.yaml'));
    const first = await load(server, { file: 'first.yaml', load: true });
    const next = await load(server, { file: 'made/second.yaml', after: first.id });
    for (const file of ['../second.yaml', 'made/../../second.yaml', '.'])
      assert.equal((await post(server, '', { file, after: first.id })).status, 422, file);
    assert.equal((await post(server, '', { file: 'made/second.yaml', load: true })).status, 422);
    assert.equal(await resume(server, first.id), '200');
    await comesTo(server, next.id, ({ outcome }) => outcome === 'succeeded');
    assert.equal(readFileSync(join(place.dir, 'said'), 'utf8'), 'second\n');
    place.file('again.yaml', pipeline('again', 'cp made/second.yaml third.yaml'));
    const chain = await place.continuo(['exec', '--remote', 'again.yaml', 'third.yaml']);
    assert.equal(chain.code, 0, chain.stderr);
    assert.match(chain.stdout, /second/);
  });

  it('are listed before they begin, with what they wait for, and begin sooner when they are asked to', async () => {
    await using place = new Place();
    const server = await serve(place);
    const said = { text: pipeline('next', 'echo next >said'), name: 'next' };
    const first = await load(server, { text: pipeline('first', 'true'), load: true });
    const next = await load(server, { ...said, after: first.id });
    assert.equal(next.after, first.id);
    const { runs } = (await (await server.ask('/api/v1/runs')).json()) as { runs: object[] };
    const standing = { pipeline: 'next', outcome: 'loaded', after: first.id };
    const [told] = runs as [Record<string, unknown>];
    assert.deepEqual({ ...told, startedAt: 0 }, { id: next.id, startedAt: 0, ...standing });
    const listed = (await place.continuo(['runs', '--format', 'json'])).stdout.trim().split('\n');
    const [here, before] = listed.map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual({ ...here, startedAt: 0 }, { id: next.id, startedAt: 0, ...standing });
    assert.deepEqual([before?.['id'], before?.['outcome']], [first.id, 'loaded']);
    const text = (await place.continuo(['runs'])).stdout;
    assert.match(
      text,
      new RegExp(`^${next.id} +loaded .* next \\(begins after ${first.id}\\)$`, 'm'),
    );
    const pipelines = await place.cix(['pipelines', '--port', String(server.port)]);
    assert.match(pipelines.stdout, new RegExp(`- ${next.id}\n.* - begins after: ${first.id}`));
    assert.match(pipelines.stdout, new RegExp(`- ${first.id}\n.* - alias: latest\n.* - loaded`));
    const described = await place.continuo(['describe', next.id]);
    assert.equal(described.stdout, `${next.id}  loaded, begins after ${first.id}  next\n`);
    assert.match((await place.continuo(['logs', next.id])).stderr, /nothing of run \S+ has begun/);
    assert.equal((await place.continuo(['resume', next.id])).code, 0);
    await comesTo(server, next.id, ({ outcome }) => outcome === 'succeeded');
    assert.equal(readFileSync(join(place.dir, 'said'), 'utf8'), 'next\n');
    assert.equal(await ask(server, first.id, { do: 'kill' }), '200');
    await comesTo(server, first.id, ({ outcome }) => outcome === 'cancelled');
  });

  it('are never forgotten before they begin, however few runs are kept and however old they are', async () => {
    await using place = new Place();
    const server = await serve(place, { args: ['--keep-runs', '1'] });
    const first = await load(server, { text: pipeline('first', 'true'), load: true });
    const next = await load(server, { text: pipeline('next', 'true'), after: first.id });
    const last = { text: pipeline('last', 'true'), after: next.id, always: true };
    const teardown = await load(server, last);
    for (const { id } of [first, next, teardown])
      utimesSync(join(place.stateDir, 'runs', id), 0, 0);
    assert.equal((await place.exec(pipeline('other', 'true'))).code, 0);
    for (const { id } of [first, next, teardown])
      assert.equal((await tell(server, id)).outcome, 'loaded', id);
    assert.equal(await resume(server, first.id), '200');
    await comesTo(server, teardown.id, ({ outcome }) => outcome === 'succeeded');
  });

  it('begin after a run that was to be forgotten before their server was there again', async () => {
    await using place = new Place();
    let server = await serve(place, { args: ['--keep-runs', '1'] });
    const wait = pipeline('first', 'until [ -e go ]; do sleep 0.02; done');
    const first = await load(server, { text: wait, load: true });
    const next = await load(server, { text: pipeline('next', 'touch next'), after: first.id });
    assert.equal(await resume(server, first.id), '200');
    server.running.child.kill('SIGKILL');
    await server.running.told;
    place.file('go', '');
    const { stdout } = await place.continuo(['logs', first.id, '--follow', '--format', 'json']);
    assert.match(stdout, /"outcome":"succeeded"/);
    for (const name of ['other', 'another'])
      assert.equal((await place.exec(pipeline(name, 'true'))).code, 0);
    const index = join(place.stateDir, 'server', 'index.sqlite');
    for (const end of ['', '-wal', '-shm']) rmSync(`${index}${end}`, { force: true });
    server = await serve(place, { port: server.port });
    await comesTo(server, next.id, ({ outcome }) => outcome !== 'loaded' && outcome !== 'running');
    assert.equal((await tell(server, next.id)).outcome, 'succeeded');
    assert.ok(existsSync(join(place.dir, 'next')));
  });

  it('are not the latest while they wait, over another start of the server without its database', async () => {
    await using place = new Place();
    let server = await serve(place);
    for (const name of ['up', 'build', 'down'])
      place.file(`${name}.yaml`, pipeline(name, `echo ${name} >>said`));
    const chain = ['--setup', 'up.yaml', '-y', 'build.yaml', '--teardown', 'down.yaml'];
    const loaded = await place.continuo(['load', '--server', server.url, ...chain]);
    const ids = [...new Set(loaded.stdout.match(/\d{8}-\d{6}-\w{5}/g))];
    assert.equal(ids.length, 3, loaded.stdout);
    const [first, last] = [ids[0]!, ids[2]!];
    assert.equal((await tell(server, 'latest')).id, first);
    assert.equal((await tell(server, 'down')).id, last);
    const aliases = await server.ask(`/api/pipeline/${first}/alias`);
    assert.deepEqual(await aliases.json(), ['latest']);
    server.running.child.kill('SIGKILL');
    await server.running.told;
    for (const end of ['', '-wal', '-shm'])
      rmSync(join(place.stateDir, 'server', `index.sqlite${end}`), { force: true });
    server = await serve(place, { port: server.port });
    const described = await place.continuo(['describe', '--server', server.url]);
    assert.match(described.stdout, new RegExp(first));
    const resumed = await place.continuo(['resume', '--server', server.url]);
    assert.equal(resumed.stdout, `run ${first} goes on\n`, resumed.stderr);
    await comesTo(server, last, ({ outcome }) => outcome === 'succeeded');
    assert.equal(readFileSync(join(place.dir, 'said'), 'utf8'), 'up\nbuild\ndown\n');
    assert.equal((await tell(server, 'latest')).id, last);
  });

  it('are not the latest of this machine while they wait, though they have been read', async () => {
    await using place = new Place();
    const server = await serve(place);
    assert.equal((await place.exec(pipeline('before', 'true'))).code, 0);
    const first = await load(server, { text: pipeline('first', 'touch first'), load: true });
    const next = await load(server, { text: pipeline('next', 'touch next'), after: first.id });
    // Whatever a loaded run is asked, it is read for.
    assert.equal(await ask(server, next.id, { do: 'pause' }), '200');
    assert.match((await place.continuo(['describe', next.id])).stdout, /next {2}step +pending/);
    assert.match((await place.continuo(['describe'])).stdout, new RegExp(`^${first.id}  loaded`));
    assert.equal((await place.continuo(['logs'])).code, 0);
    assert.equal((await place.continuo(['resume'])).stdout, `run ${first.id} goes on\n`);
    await comesTo(server, next.id, ({ outcome }) => outcome === 'succeeded');
    assert.match((await place.continuo(['describe'])).stdout, new RegExp(`^${next.id}`));
    const port = ['--port', String(server.port)];
    place.file('p.yaml', pipeline('p', 'true'));
    assert.equal((await place.cix(['load', '-y', 'p.yaml', '-y', 'p.yaml', ...port])).code, 0);
    const { id } = await tell(server, 'latest');
    assert.match((await place.continuo(['describe'])).stdout, new RegExp(`^${id}  loaded  p`));
    assert.equal((await place.continuo(['resume'])).stdout, `run ${id} goes on\n`);
    await comesTo(server, 'latest', (told) => told.id !== id && told.outcome === 'succeeded');
  });

  it('fail when they cannot be read by then, and say why', async () => {
    await using place = new Place();
    const server = await serve(place);
    const first = await load(server, { text: pipeline('first', 'true'), load: true });
    const next = await load(server, { text: 'version: 2.0', name: 'next', after: first.id });
    assert.equal(await resume(server, first.id), '200');
    const told = await comesTo(server, 'next', ({ outcome }) => outcome === 'failed');
    assert.equal(told.id, next.id);
    assert.match(told.cause?.detail ?? '', /pipeline\.yaml:1:\d+/);
  });

  it('are linked when both are loaded, never in a circle, and not once they have begun', async () => {
    await using place = new Place();
    const server = await serve(place);
    const text = pipeline('a', 'true');
    const [one, two] = [
      await load(server, { text, load: true }),
      await load(server, { text, load: true }),
    ];
    const link = async (run: string, after: string): Promise<number> =>
      (await post(server, `/${run}/link`, { after })).status;
    assert.equal(await link(two.id, one.id), 200);
    assert.equal(await link(one.id, two.id), 422);
    assert.equal(await link(one.id, one.id), 422);
    assert.equal(await link(one.id, 'nobody'), 404);
    assert.equal(await resume(server, one.id), '200');
    await comesTo(server, two.id, ({ outcome }) => outcome === 'succeeded');
    assert.equal(await link(two.id, one.id), 409);
  });

  it('are ended while they wait, and leave nothing sealed', async () => {
    await using place = new Place();
    const server = await serve(place);
    const text = pipeline('a', 'true');
    const one = await load(server, { text, load: true });
    const two = await load(server, { text, after: one.id, secrets: { KEY: secret } });
    assert.ok(existsSync(join(place.stateDir, 'server', 'key')));
    assert.equal(await ask(server, two.id, { do: 'kill' }), '200');
    assert.equal((await tell(server, two.id)).outcome, 'cancelled');
    assert.equal(await ask(server, one.id, { do: 'kill' }), '200');
    await comesTo(server, one.id, ({ outcome }) => outcome === 'cancelled');
    while (existsSync(join(place.stateDir, 'server', 'key'))) await delay(50);
  });
});

describe('a run that has more than one name', () => {
  it('is found by each of them, over another start of the server, until another has it', async () => {
    await using place = new Place();
    let server = await serve(place);
    const text = pipeline('a', 'true');
    const one = await load(server, { text, name: 'shop' });
    const two = await load(server, { text, name: 'shop' });
    const alias = async (run: string, name: string): Promise<number> =>
      (await post(server, `/${run}/aliases`, { alias: name })).status;
    assert.equal((await tell(server, 'shop')).id, two.id);
    assert.equal(await alias(one.id, 'mine'), 200);
    assert.equal(await alias(one.id, 'latest'), 400);
    assert.equal(await alias(one.id, two.id), 400);
    for (const { id } of [one, two])
      await comesTo(server, id, ({ outcome }) => outcome === 'succeeded');
    server.running.child.kill('SIGKILL');
    await server.running.told;
    server = await serve(place, { port: server.port });
    assert.equal((await tell(server, 'mine')).id, one.id);
    assert.equal(await alias(two.id, 'mine'), 200);
    const listed = await (await server.ask('/api/v1/aliases')).json();
    assert.deepEqual(listed, { aliases: [{ alias: 'mine', run: two.id }] });
    server.running.child.kill('SIGKILL');
    await server.running.told;
    const index = join(place.stateDir, 'server', 'index.sqlite');
    for (const end of ['-wal', '-shm']) rmSync(`${index}${end}`, { force: true });
    writeFileSync(index, 'This is no database any more. '.repeat(500));
    server = await serve(place, { port: server.port });
    assert.equal((await tell(server, 'mine')).id, two.id);
  });
});
