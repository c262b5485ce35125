import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { Place, eventually } from '../rig/cli.ts';
import { serve } from '../rig/serving.ts';

import type { Serving } from '../rig/serving.ts';

/** More in the soak. */
const howMany = 10;

/**
 * A pipeline with a service and a step that prints so many lines, at its leisure, and then as many again
 * once there is a file called `go`.
 */
const chatty = (mark: string, lines: number): string => `version: 2.1
pipeline:
  - step:
      name: db
      background: true
      commands-output: minimal
      commands: ['echo up; exec sleep 1000 # ${mark}']
      ready: {log: ^up}
  - step:
      name: talk
      commands-output: minimal
      commands:
        - 'for n in $(seq ${lines}); do echo line-$n; sleep 0.02; done # ${mark}'
        - 'until [ -e go ]; do sleep 0.02; done'
        - 'for n in $(seq ${lines + 1} ${2 * lines}); do echo line-$n; done'
`;

interface Listed {
  readonly id: string;
  readonly outcome: string;
}

const post = (server: Serving, body: unknown): Promise<Response> =>
  server.ask('/api/v1/runs', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

async function start(server: Serving, body: unknown): Promise<Listed> {
  const response = await post(server, body);
  const answer = await response.text();
  assert.equal(response.status, 201, answer);
  return JSON.parse(answer) as Listed;
}

interface Message {
  readonly seq: number;
  readonly type: string;
  readonly pid?: number;
  readonly task?: string;
  readonly text?: string;
}

/** Follows the events of a run; ends with them, or when the connection breaks. */
class Follower {
  readonly seen: Message[] = [];
  outcome: string | undefined;

  async follow(server: Serving, run: string): Promise<void> {
    const last = this.seen.at(-1)?.seq;
    const headers = last === undefined ? {} : { 'last-event-id': String(last) };
    let text = '';
    try {
      const response = await server.ask(`/api/v1/runs/${run}/events`, { headers });
      assert.equal(response.status, 200);
      for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
        text += piece;
        const messages = text.split('\n\n');
        text = messages.pop()!;
        for (const message of messages) this.#take(message);
      }
    } catch {
      // The server is gone.
    }
  }

  #take(message: string): void {
    const data = /^data: (.*)$/m.exec(message)?.[1];
    if (data === undefined) return;
    if (message.startsWith('event: end'))
      this.outcome = (JSON.parse(data) as { outcome: string }).outcome;
    else this.seen.push(JSON.parse(data) as Message);
  }
}

describe('a run that a server has started', () => {
  it('begins with a text or a file, has its variables, and shows no secret', async () => {
    await using place = new Place();
    const text = `version: 2.1
pipeline:
  - step:
      name: say
      commands-output: minimal
      environment: [{name: GREETING, value: $$GREETING}, {name: PASSWORD, value: $$PASSWORD}]
      commands: ['echo $GREETING $PASSWORD; until [ -e "$GREETING" ]; do sleep 0.02; done']
`;
    place.file('greet.yaml', text);
    const server = await serve(place);
    const secret = 'hunter2hunter';
    for (const [what, name] of [
      [{ file: 'greet.yaml' }, 'greet'],
      [{ text, name: 'nightly' }, 'nightly'],
    ] as const) {
      const given = { variables: { GREETING: `hello-${name}` }, secrets: { PASSWORD: secret } };
      const run = await start(server, { ...what, ...given });
      const follower = new Follower();
      const following = follower.follow(server, run.id);
      await eventually(
        () => follower.seen.some((message) => message.text?.startsWith(`hello-${name} `) === true),
        () => JSON.stringify(follower.seen),
      );
      const { pid } = follower.seen[0]!;
      for (const file of ['cmdline', 'environ'])
        assert.ok(!readFileSync(`/proc/${pid}/${file}`, 'utf8').includes(secret), file);
      place.file(`hello-${name}`, '');
      await following;
      assert.equal(follower.outcome, 'succeeded');
      const told = await (await server.ask(`/api/v1/runs/${name}`)).text();
      assert.equal((JSON.parse(told) as Listed).id, run.id);
      const log = await (await server.ask(`/api/v1/runs/${run.id}/logs`)).text();
      assert.match(log, /^say \| hello-\w+ \*+\n$/);
      const plan = await (await server.ask(`/api/v1/runs/${run.id}/plan`)).text();
      for (const answer of [JSON.stringify(follower.seen), log, told, plan])
        assert.ok(!answer.includes(secret));
    }
  });

  it('does not begin when its pipeline has mistakes, which are told', async () => {
    await using place = new Place();
    const server = await serve(place);
    const text = 'version: 2.1\npipeline:\n  - stepp: {name: a, commands: [echo]}\n';
    const response = await post(server, { text });
    assert.equal(response.status, 422);
    const problem = (await response.json()) as { type: string; detail: string };
    assert.equal(problem.type, 'urn:continuo:invalid-pipeline');
    assert.match(problem.detail, /^pipeline\.yaml:3:\d+/);
    assert.match(problem.detail, /stepp/);
    const order = { text: text.replace('stepp', 'step'), break: ['b'] };
    const unknown = (await (await post(server, order)).json()) as { detail: string };
    assert.match(unknown.detail, /^--break b: there is no step, service or group of that name/);
    const list = (await (await server.ask('/api/v1/runs')).json()) as { runs: Listed[] };
    assert.deepEqual(list.runs, []);
  });

  it('reads what it imports in the workspace of the server only, wherever links lead', async () => {
    await using place = new Place();
    const word = 'hunter2hunter';
    const outside = place.file('outside.txt', `${word}: [\n`);
    const dir = join(place.dir, 'ws');
    mkdirSync(join(dir, 'deep'), { recursive: true });
    symlinkSync(outside, join(dir, 'link.yaml'));
    symlinkSync('..', join(dir, 'up'));
    execFileSync('mkfifo', [join(dir, 'pipe')]);
    const importing = (src: string): string =>
      `version: 2.1\nimports:\n  lib: {src: ${src}}\npipeline:\n  - import: [lib]\n`;
    const lib = 'steps: {pipeline: [{step: {name: a, commands: [echo]}}]}\n';
    place.file('ws/lib.yaml', lib.replace('{pipeline', '{name: lib, pipeline'));
    const server = await serve(place, { args: ['-w', dir] });
    const refused = async (order: object, why: RegExp): Promise<void> => {
      const response = await post(server, order);
      const told = await response.text();
      assert.equal(response.status, 422, told);
      assert.ok(!told.includes(word), told);
      const { detail } = JSON.parse(told) as { detail: string };
      assert.match(detail, why);
      assert.match(detail, /ipeline\.yaml:3:14/);
    };
    const elsewhere = /lies outside of the workspace of the server/;
    for (const src of [
      outside,
      '../outside.txt',
      'link.yaml',
      'up/outside.txt',
      '../not-there.yaml',
      '/proc/self/environ',
    ])
      await refused({ text: importing(src) }, elsewhere);
    place.file('ws/pipeline.yaml', importing('./link.yaml'));
    await refused({ file: 'pipeline.yaml' }, elsewhere);
    await refused({ file: 'pipeline.yaml', workspace: 'deep', load: true }, elsewhere);
    await refused({ text: importing('./pipe') }, /this is a pipe or a device/);
    await refused({ text: importing('./none.yaml') }, /there is no such file/);
    place.file('ws/second.yaml', 'version: 2.1\nimports:\n  lib: {src: link.yaml}\n');
    const nested = await (await post(server, { text: importing('second.yaml') })).text();
    assert.match(nested, elsewhere);
    assert.ok(!nested.includes(word));

    for (const order of [
      { text: importing('lib.yaml') },
      { text: importing('../lib.yaml'), workspace: 'deep' },
      { text: importing(join(dir, 'up', 'ws', 'lib.yaml')) },
    ]) {
      const follower = new Follower();
      await follower.follow(server, (await start(server, order)).id);
      assert.equal(follower.outcome, 'succeeded');
    }
  });

  it('goes on when the server is killed; who asks again gets the rest, nothing missing or twice', async () => {
    await using place = new Place();
    const lines = 75;
    let server = await serve(place);
    const runs = await Promise.all(
      Array.from({ length: howMany }, (_, nth) =>
        start(server, { text: chatty(place.mark, lines), name: `run-${nth}` }),
      ),
    );
    const followers = runs.map(() => new Follower());
    const following = followers.map((follower, nth) => follower.follow(server, runs[nth]!.id));
    await eventually(
      () => followers.every(({ seen }) => seen.some(({ text }) => text?.includes('line-20\n'))),
      () => JSON.stringify(followers.map(({ seen }) => seen.at(-1))),
    );
    server.running.child.kill('SIGKILL');
    await Promise.all(following);
    assert.ok(followers.every(({ outcome }) => outcome === undefined));
    server = await serve(place, { port: server.port });
    const list = (await (await server.ask('/api/v1/runs')).json()) as { runs: Listed[] };
    assert.deepEqual(
      list.runs.map(({ outcome }) => outcome),
      runs.map(() => 'running'),
    );
    place.file('go', '');
    await Promise.all(followers.map((follower, nth) => follower.follow(server, runs[nth]!.id)));
    for (const { seen, outcome } of followers) {
      assert.equal(outcome, 'succeeded');
      assert.deepEqual(
        seen.map(({ seq }) => seq),
        seen.map((_, index) => index),
      );
      const printed = seen.map(({ task, text }) => (task === 'talk' ? text : '')).join('');
      const wanted = Array.from({ length: 2 * lines }, (_, index) => `line-${index + 1}\n`).join(
        '',
      );
      assert.equal(printed, wanted);
      assert.equal(seen.at(-1)?.type, 'run.ended');
    }
  });

  it('is told to be lost when its runner is killed, and leaves nothing', async () => {
    await using place = new Place();
    const server = await serve(place);
    const { id } = await start(server, { text: chatty(place.mark, 10_000) });
    const follower = new Follower();
    const following = follower.follow(server, id);
    await eventually(
      () => follower.seen.some(({ text }) => text?.includes('line-5\n')),
      () => JSON.stringify(follower.seen.at(-1)),
    );
    process.kill(follower.seen[0]!.pid!, 'SIGKILL');
    await following;
    assert.equal(follower.outcome, 'lost');
    const run = (await (await server.ask(`/api/v1/runs/${id}`)).json()) as Listed;
    assert.equal(run.outcome, 'lost');
    server.running.child.kill('SIGTERM');
    await server.running.told;
    await place.empty();
  });
});
