import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { Place, eventually, processesWith } from '../rig/cli.ts';
import { HttpFiles, endless } from '../rig/http-files.ts';
import { ask, comesTo, load, post, tell } from '../rig/server-runs.ts';
import { serve } from '../rig/serving.ts';

import type { Serving } from '../rig/serving.ts';

const reading = '409 urn:continuo:being-read';
const over = '409 urn:continuo:run-over';

/** A pipeline that imports what never comes to its end. */
const importing = (files: HttpFiles): string => `version: 2.1
imports: {lib: {src: '${files.at('/lib.yaml')}'}}
pipeline: [{step: {name: a, commands: [touch began]}}]
`;

/** The id of the only run of a server, once its process reads. */
async function beingRead(server: Serving, files: HttpFiles, times = 1): Promise<string> {
  await eventually(
    () => files.asked.length >= times,
    () => 'nothing is read',
  );
  const { runs } = (await (await server.ask('/api/v1/runs')).json()) as { runs: { id: string }[] };
  return runs[0]!.id;
}

async function restart(server: Serving, place: Place): Promise<Serving> {
  server.running.child.kill('SIGKILL');
  await server.running.told;
  return serve(place, { port: server.port });
}

async function isEnded(server: Serving, run: string, place: Place, by = 'ann'): Promise<void> {
  assert.deepEqual(processesWith(run), []);
  const { outcome, cancelledBy } = await tell(server, run);
  assert.deepEqual([outcome, cancelledBy], ['cancelled', by]);
  assert.equal(await ask(server, run, { do: 'kill' }), over);
  assert.ok(!existsSync(join(place.dir, 'began')));
}

describe('a run of a server whose files are still being read', () => {
  it('is ended by kill, its process with it, and says until then that it is being read', async () => {
    await using place = new Place();
    await using files = await HttpFiles.start(endless);
    const server = await serve(place);
    place.file('shop.yaml', importing(files));
    const starting = post(server, '', { file: 'shop.yaml' });
    const run = await beingRead(server, files);
    assert.equal((await tell(server, run)).outcome, 'starting');
    for (const command of [{ do: 'pause' }, { do: 'resume', to: 'all' }])
      assert.equal(await ask(server, run, command), reading);
    const given = await post(server, `/${run}/environment`, { name: 'A', value: '1' });
    assert.equal(given.status, 409);
    assert.equal(await ask(server, run, { do: 'kill' }), '200');
    await isEnded(server, run, place);
    const started = (await (await starting).json()) as { id: string; pipeline: string };
    assert.deepEqual([started.id, started.pipeline], [run, 'shop']);
  });

  it('leaves nothing of a plugin that was being asked', async () => {
    await using place = new Place();
    await using files = await HttpFiles.start(endless);
    const server = await serve(place);
    const commands = ["trap '' TERM", 'echo up >up', `sh -c 'sleep 2001; true' ${place.mark}`];
    const plugin = { version: 2.4, kind: 'Plugin', preprocessor: { commands } };
    place.file('talk.yaml', JSON.stringify(plugin));
    const starting = post(server, '', { text: importing(files), plugins: ['talk.yaml'] });
    await eventually(
      () => existsSync(join(place.dir, 'up')),
      () => 'the plugin does not run',
    );
    const run = await beingRead(server, files, 0);
    assert.equal(await ask(server, run, { do: 'kill' }), '200');
    await isEnded(server, run, place);
    assert.deepEqual(processesWith(place.mark), []);
    assert.equal((await starting).status, 201);
  });

  it('is ended by `continuo kill` over another start of the server, and asked nothing else', async () => {
    await using place = new Place();
    await using files = await HttpFiles.start(endless);
    let server = await serve(place);
    place.file('shop.yaml', importing(files));
    post(server, '', { file: 'shop.yaml' }).catch(() => undefined);
    const run = await beingRead(server, files);
    server = await restart(server, place);
    const paused = await place.continuo(['pause', run]);
    assert.equal(paused.code, 2);
    assert.match(paused.stderr, /is being read still/);
    const killed = await place.continuo(['kill', run], { USER: 'bob' });
    assert.deepEqual([killed.code, killed.stdout], [0, `run ${run} is ending\n`], killed.stderr);
    await isEnded(server, run, place, 'bob');
    const listed = await place.continuo(['runs']);
    assert.match(listed.stdout, /cancelled.*shop/);
  });

  it('is ended as well when it is loaded, at once although others wait for it', async () => {
    await using place = new Place();
    await using files = await HttpFiles.start(endless);
    const server = await serve(place);
    const loading = post(server, '', { text: importing(files), load: true });
    const run = await beingRead(server, files);
    assert.equal((await tell(server, run)).outcome, 'loaded');
    const resuming = ask(server, run, { do: 'resume', to: 'all' });
    assert.equal(await ask(server, run, { do: 'kill' }), '200');
    await isEnded(server, run, place);
    assert.equal(await resuming, over);
    // Whoever waits in vain is told that it is loaded.
    const loaded = (await (await loading).json()) as { outcome: string };
    assert.equal(loaded.outcome, 'cancelled');
  });

  it('is read by one process when it is loaded, over another start of the server, and ended', async () => {
    await using place = new Place();
    await using files = await HttpFiles.start(endless);
    let server = await serve(place);
    const order = { text: importing(files), load: true, secrets: { KEY: 'hunter2hunter2' } };
    post(server, '', order).catch(() => undefined);
    const run = await beingRead(server, files);
    server = await restart(server, place);
    assert.equal(await ask(server, run, { do: 'resume', to: 'next' }), reading);
    const given = await post(server, `/${run}/environment`, { name: 'A', value: '1' });
    assert.equal(given.status, 409);
    assert.equal(processesWith(run).length, 1);
    assert.equal(await ask(server, run, { do: 'kill' }), '200');
    await isEnded(server, run, place);
    while (existsSync(join(place.stateDir, 'server', 'key'))) await delay(50);
  });

  it('is cancelled, and has not failed, when it is its turn after another', async () => {
    await using place = new Place();
    await using files = await HttpFiles.start(endless);
    const server = await serve(place);
    const first = `version: 2.1\npipeline: [{step: {name: a, commands: ["true"]}}]\n`;
    const one = await load(server, { text: first, load: true });
    const two = await load(server, { text: importing(files), after: one.id });
    assert.equal(await ask(server, one.id, { do: 'resume', to: 'all' }), '200');
    await beingRead(server, files);
    assert.equal(await ask(server, two.id, { do: 'kill' }), '200');
    await isEnded(server, two.id, place);
    await comesTo(server, one.id, ({ outcome }) => outcome === 'succeeded');
  });

  it('is ended by CIX’s route and by cix kill', async () => {
    await using place = new Place();
    await using files = await HttpFiles.start(endless);
    const server = await serve(place);
    const add = async (): Promise<string> => {
      const answer = await server.ask('/api/pipeline', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ yamlPath: 'shop.yaml' }),
      });
      return ((await answer.json()) as { id: string }).id;
    };
    place.file('shop.yaml', importing(files));
    for (const [times, kill, by] of [
      [1, (run: string) => server.ask(`/api/pipeline/${run}/kill`), 'a client of CIX'],
      [2, (run: string) => killed(run), 'bob'],
    ] as const) {
      const run = await add();
      const starting = server.ask(`/api/pipeline/${run}/start?blocking=false`);
      await beingRead(server, files, times);
      assert.equal((await kill(run)).status, 200);
      await isEnded(server, run, place, by);
      const { message } = (await (await starting).json()) as { message: string };
      assert.equal(message, `The run ${run} has ended.`);
    }

    async function killed(run: string): Promise<{ status: number }> {
      const asked = ['kill', '--pipeline-id', run, '--port', String(server.port)];
      const { code, stderr } = await place.cix(asked, { USER: 'bob' });
      return { status: code === 0 ? 200 : assert.fail(stderr) };
    }
  });
});
