import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { Place } from '../rig/cli.ts';
import { HttpFiles, texts } from '../rig/http-files.ts';
import { comesTo } from '../rig/server-runs.ts';
import { serve } from '../rig/serving.ts';

import type { Serving } from '../rig/serving.ts';

const pipeline = (...commands: readonly string[]): object => ({
  version: 2.1,
  pipeline: commands.map((command, index) => ({
    step: { name: `s${index + 1}`, 'commands-output': 'minimal', commands: [command] },
  })),
});

/** A client of CIX: it knows paths, statuses and `message`, and nothing of problems. */
class Client {
  readonly #server: Serving;

  constructor(server: Serving) {
    this.#server = server;
  }

  async text(path: string, body?: unknown): Promise<string> {
    const response = await this.#server.ask(`/api${path}`, {
      ...(body !== undefined && {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    const text = await response.text();
    if (response.ok) return text;
    const { message, status } = JSON.parse(text) as { message?: string; status?: number };
    assert.equal(status, response.status, text);
    throw new Error(`${response.status} ${message ?? 'without a message'}`);
  }

  async get<T>(path: string): Promise<T> {
    return JSON.parse(await this.text(path)) as T;
  }

  async add(spec: object): Promise<string> {
    return (JSON.parse(await this.text('/pipeline', spec)) as { id: string }).id;
  }

  status = async (id: string, chained = false): Promise<string> =>
    (await this.get<{ status: string }>(`/pipeline/${id}/status?chainedStatus=${chained}`)).status;
}

interface Message {
  readonly level: string;
  readonly message: string;
  readonly containerNames?: { readonly shortName: string };
  readonly isErrorOutput?: boolean;
}

const messages = (text: string): Message[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Message);

describe('a client of CIX', () => {
  it('names a pipeline by its address, and is told what cannot be had there', async () => {
    await using place = new Place();
    const server = await serve(place);
    const client = new Client(server);
    const text = JSON.stringify(pipeline('echo "$CIX_HOSTNAME $CIX_SERVER_PORT"'));
    await using files = await HttpFiles.start(texts({ '/shop.yaml': text, '/no.yaml': '[' }));
    const yamlPath = files.at('/shop.yaml');
    await client.text('/validate/pipeline/full', { yamlPath });
    const id = await client.add({ yamlPath });
    const said = messages(await client.text(`/pipeline/${id}/start?blocking=true&remoteLogs=true`));
    const [line] = said.filter(({ containerNames }) => containerNames?.shortName === 's1');
    assert.equal(line?.message, `127.0.0.1 ${server.port}\n`);
    const listed = (await (await server.ask('/api/v1/runs/shop')).json()) as { id: string };
    assert.equal(listed.id, id);
    for (const [path, words] of [
      ['/none.yaml', /404/],
      ['/no.yaml', /no\.yaml:1/],
    ] as const) {
      const wrong = { yamlPath: files.at(path) };
      await assert.rejects(client.text('/validate/pipeline/full', wrong), words);
      const unread = await client.add(wrong);
      await assert.rejects(client.text(`/pipeline/${unread}/start?blocking=true`), words);
    }
    await assert.rejects(client.add({ yamlPath: 'http://' }), /400|422/);
    const remote = await place.continuo(['exec', '--remote', '--format', 'plain', yamlPath]);
    assert.equal(remote.code, 0, remote.stderr);
    assert.match(remote.stdout, /^s1 +│ 127\.0\.0\.1 \d+$/m);
  });

  it('adds a pipeline, steps through it with its log streamed, and sees it to its end', async () => {
    await using place = new Place();
    const client = new Client(await serve(place));
    const rawPipeline = pipeline('echo one; echo oops >&2', 'echo two', 'echo three');
    const id = await client.add({ rawPipeline, pipelineAlias: 'mine', type: 'standard' });
    assert.equal(await client.status(id), 'ready');
    assert.deepEqual(await client.get('/pipeline/alias/mine'), { id });
    assert.deepEqual(await client.get(`/pipeline/${id}/alias`), ['latest', 'mine']);
    assert.deepEqual(await client.get('/pipeline/alias/'), ['latest', 'mine']);
    const { steps } = await client.get<{ steps: object[] }>(`/pipeline/${id}`);
    assert.deepEqual(steps[0], { name: 's1', status: 'ready' });
    assert.equal(await client.status(id), 'loaded');

    const first = messages(await client.text(`/pipeline/${id}/next-step?remoteLogs=true`));
    assert.ok(first.some(({ message }) => message === "Starting step 's1'"));
    const said = first.filter(({ containerNames }) => containerNames?.shortName === 's1');
    assert.deepEqual(
      said.map(({ message, isErrorOutput }) => [message, isErrorOutput]).toSorted(),
      [
        ['one\n', false],
        ['oops\n', true],
      ],
    );
    assert.equal(await client.status(id), 'paused');
    const second = messages(await client.text(`/pipeline/${id}/resume?step=s2&remoteLogs=true`));
    assert.deepEqual(
      second.flatMap(({ message, containerNames }) => (containerNames ? [message] : [])),
      ['two\n'],
    );
    assert.equal(await client.text(`/pipeline/${id}/resume?step=nowhere`), '');
    assert.equal(await client.status(id), 'successful');
    await assert.rejects(client.text(`/pipeline/${id}/next-step`), /^Error: 400 .*has ended/);
    await assert.rejects(client.text(`/pipeline/${id}/start`), /^Error: 400 .*has ended/);
  });

  it('starts a pipeline, and hears of its end alone, however often it is paused', async () => {
    await using place = new Place();
    const server = await serve(place);
    const client = new Client(server);
    const id = await client.add({
      rawPipeline: pipeline('until [ -e go ]; do sleep 0.02; done', 'true'),
    });
    const started = client.text(`/pipeline/${id}/start`).then(async () => client.status(id));
    await comesTo(server, id, ({ outcome }) => outcome === 'running');
    await client.text(`/pipeline/${id}/pause`);
    place.file('go', '');
    await comesTo(server, id, ({ paused }) => paused !== undefined);
    await client.text(`/pipeline/${id}/resume?blocking=false`);
    assert.equal(await started, 'successful');
  });

  it('reads and gives variables; a secret is never shown, and what is not there is 404', async () => {
    await using place = new Place();
    const client = new Client(await serve(place));
    const environment = [
      { name: 'COLOR', value: 'red' },
      { name: 'KEY', value: 'hunter2-hunter2', type: 'secret' },
    ];
    const id = await client.add({ rawPipeline: pipeline('true'), environment });
    const at = `/pipeline/${id}/environment`;
    for (const isRead of [false, true]) {
      if (isRead) await client.get(`/pipeline/${id}`);
      const names = await client.get<string[]>(at);
      assert.deepEqual(names.slice(0, 2), ['COLOR', 'KEY']);
      const color = { name: 'COLOR', value: 'red', type: 'environment' };
      assert.deepEqual(await client.get(`${at}/COLOR`), color);
      const key = { name: 'KEY', value: '********', type: 'secret' };
      assert.deepEqual(await client.get(`${at}/KEY`), key);
      await assert.rejects(client.get(`${at}/NOTHING`), /^Error: 404 .*NOTHING/);
    }
    assert.equal(await client.text(at, { name: 'SIZE', value: '7', type: 'secret' }), '');
    assert.equal((await client.get<{ type: string }>(`${at}/SIZE`)).type, 'secret');
    assert.equal(await client.text(at, { name: 'my.size', value: 'xl' }), '');
    assert.equal((await client.get<{ value: string }>(`${at}/my.size`)).value, 'xl');
    await client.text(`/pipeline/${id}/kill`);
    assert.equal(await client.status(id), 'skipped');
  });

  it('links pipelines: the next begins when one has succeeded, a teardown in any case', async () => {
    await using place = new Place();
    const client = new Client(await serve(place));
    const add = (command: string, type = 'standard') =>
      client.add({ rawPipeline: pipeline(command), type });
    const ids = [
      await add('echo a > a'),
      await add('cat a; exit 1'),
      await add('touch c'),
      await add('touch d', 'teardown'),
    ];
    for (const [index, id] of ids.slice(1).entries())
      await client.text(`/pipeline/${ids[index]!}/link/${id}`);
    await assert.rejects(client.text(`/pipeline/${ids[3]!}/link/${ids[0]!}`), /^Error: 400 /);
    await client.text(`/pipeline/${ids[0]!}/start`);
    const all = async () => Promise.all(ids.map((id) => client.status(id)));
    assert.deepEqual(await all(), ['successful', 'failed', 'skipped', 'successful']);
    assert.equal(await client.status(ids[0]!, true), 'failed');
    const [one, two] = [await add('echo says-one'), await add('echo says-two')];
    await client.text(`/pipeline/${one}/link/${two}`);
    const told = messages(await client.text(`/pipeline/${one}/resume?remoteLogs=true`));
    assert.deepEqual(
      told.flatMap(({ message, containerNames }) => (containerNames ? [message] : [])),
      ['says-one\n', 'says-two\n'],
    );
    const [three, four] = [await add('echo says-three'), await add('echo says-four')];
    await client.text(`/pipeline/${three}/link/${four}`);
    await client.text(`/pipeline/${four}/start`);
    const alone = messages(await client.text(`/pipeline/${three}/start?remoteLogs=true`));
    assert.deepEqual(
      alone.flatMap(({ message, containerNames }) => (containerNames ? [message] : [])),
      ['says-three\n'],
    );
  });

  it('checks no import outside of the workspace', async () => {
    await using place = new Place();
    const outside = place.file('outside.txt', 'hunter2hunter: [\n');
    const dir = join(place.dir, 'ws');
    mkdirSync(dir);
    place.file(
      'ws/lib.yaml',
      'steps: {name: lib, pipeline: [{step: {name: a, commands: [ls]}}]}\n',
    );
    const importing = (src: string) => ({
      version: 2.1,
      imports: { lib: { src } },
      pipeline: [{ import: ['lib'] }],
    });
    place.file('ws/bad.yaml', JSON.stringify(importing('../outside.txt')));
    const client = new Client(await serve(place, { args: ['-w', dir] }));
    const refused = (path: string, body?: object) =>
      assert.rejects(client.text(path, body), ({ message }: Error) => {
        assert.ok(!message.includes('hunter2'), message);
        return message.includes('lies outside of the workspace');
      });
    for (const src of [outside, '../outside.txt', '/etc/passwd']) {
      await refused('/validate/pipeline/full', { rawPipeline: importing(src) });
      await refused('/validate/pipeline/schema', importing(src));
      const id = await client.add({ rawPipeline: importing(src) });
      await refused(`/pipeline/${id}/start`);
    }
    await refused('/validate/pipeline/full', { yamlPath: 'bad.yaml' });
    assert.equal(await client.text('/validate/pipeline/schema', importing('lib.yaml')), '');
  });

  it('checks pipelines and plugins, and no mistake of theirs ends the server', async () => {
    await using place = new Place();
    place.file('bad.yaml', 'version: 2.1\npipeline: [{step: {nam: a}}]\n');
    place.file('plugin.yaml', 'version: 2.4\nkind: Plugin\npreprocessor: {command: [cat]}\n');
    const client = new Client(await serve(place));
    const good = pipeline('true');
    const bad = { ...good, pipelin: [] };
    assert.equal(await client.text('/validate/pipeline/full', { rawPipeline: good }), '');
    assert.equal(await client.text('/validate/pipeline/schema', good), '');
    await assert.rejects(
      client.text('/validate/pipeline/full', { yamlPath: 'bad.yaml' }),
      /^Error: 400 [\s\S]*bad\.yaml:2:\d+[\s\S]*nam/,
    );
    await assert.rejects(client.text('/validate/pipeline/schema', bad));
    await assert.rejects(client.text('/validate/plugin/schema', { version: 2.4 }));
    for (const spec of [{}, { yamlPath: 'bad.yaml', rawPipeline: good }, { yamlPath: '../x' }])
      await assert.rejects(client.add(spec), /^Error: 400 /, JSON.stringify(spec));

    const { id: plugin } = JSON.parse(
      await client.text('/plugin', { pluginPath: 'plugin.yaml' }),
    ) as { id: string };
    assert.deepEqual(await client.get('/plugin'), [plugin]);
    await assert.rejects(client.text('/plugin', { pluginPath: 'bad.yaml' }), /^Error: 400 /);
    const plugged = await client.add({ rawPipeline: good, plugins: [{ id: plugin }] });
    await client.text(`/pipeline/${plugged}/start`);
    assert.equal(await client.status(plugged), 'successful');

    // As in CIX, it is read when it is first asked for something.
    const id = await client.add({ yamlPath: 'bad.yaml' });
    for (const word of ['resume', 'next-step', 'start'])
      await assert.rejects(client.text(`/pipeline/${id}/${word}`), /^Error: 400 [\s\S]*nam/);
    await assert.rejects(client.text(`/pipeline/${id}`), /^Error: 400 [\s\S]*nam/);
    assert.equal(await client.status(id), 'ready');
    await client.text(`/pipeline/${id}/kill`);
  });
});
