import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';

import { keptRuns } from '../../src/cli/kept-runs.ts';
import { Place } from '../rig/cli.ts';
import { serve } from '../rig/serving.ts';

const fine = `version: 2.1
pipeline:
  - step: {name: hello, commands-output: minimal, commands: [echo from-hello]}
`;

describe('continuo server', () => {
  it('serves the runs of its state folder until a signal asks for its end', async () => {
    await using place = new Place();
    await place.exec(fine);
    const server = await serve(place);
    const { runs } = (await (await server.ask('/api/v1/runs')).json()) as {
      runs: { id: string; outcome: string }[];
    };
    assert.deepEqual(
      runs.map(({ outcome }) => outcome),
      ['succeeded'],
    );
    assert.equal(
      await (await server.ask('/api/v1/runs/latest/logs?task=hello')).text(),
      'from-hello\n',
    );
    const events = await (await server.ask('/api/v1/runs/latest/events')).text();
    assert.match(events, /event: end\ndata: \{"outcome":"succeeded"\}\n\n$/);
    assert.equal(keptRuns(place.stateDir), 10_000);
    server.running.child.kill('SIGTERM');
    assert.equal((await server.running.told).code, 143);
  });

  it('costs other commands nothing: they do not load what it needs', () => {
    const dist = join(import.meta.dirname, '..', '..', 'dist');
    const read = (file: string): string => readFileSync(join(dist, file), 'utf8');
    const sign = 'FST_ERR_';
    assert.ok(read('serving.js').includes(sign));
    const loaded = new Set(['main.js']);
    for (const file of loaded) {
      const code = read(file);
      assert.ok(!code.includes(sign), file);
      for (const [, other] of code.matchAll(/[=;,]require\("\.\/([\w.-]+\.js)"/g))
        loaded.add(other!);
    }
    assert.ok(loaded.size > 1);
  });

  it('keeps its token to itself, and prints it nowhere', async () => {
    await using place = new Place();
    const server = await serve(place);
    assert.equal(statSync(join(place.stateDir, 'server', 'token')).mode & 0o777, 0o600);
    const link = (await server.running.printed(/http:\S+\/login\?code=\S+/))[0];
    assert.equal((await fetch(link)).status, 200);
    assert.equal((await fetch(`${server.url}/api/v1/runs`)).status, 401);
    server.running.child.kill('SIGINT');
    const { code, stdout, stderr } = await server.running.told;
    assert.equal(code, 130);
    assert.ok(!`${stdout}${stderr}`.includes(server.token));
  });

  it('refuses a state folder that another one serves, and serves it once that is dead', async () => {
    await using place = new Place();
    const first = await serve(place);
    const second = await place.continuo(['server', '--port', '0']);
    assert.equal(second.code, 3);
    assert.match(second.stderr, new RegExp(`another server \\(process ${first.running.pid}, `));
    assert.match(second.stderr, /--state-dir/);
    first.running.child.kill('SIGKILL');
    await first.running.told;
    const third = await serve(place, { port: first.port });
    assert.equal(third.token, first.token);
    assert.equal((await third.ask('/api/v1/runs')).status, 200);
  });

  it('says in words that its port is taken, or is none', async () => {
    await using place = new Place();
    const first = await serve(place);
    const other = ['server', '--state-dir', join(place.dir, 'other')];
    const taken = await place.continuo([...other, '--port', String(first.port)]);
    assert.equal(taken.code, 3);
    assert.match(taken.stderr, new RegExp(`port ${first.port} of 127.0.0.1 is taken`));
    assert.doesNotMatch(taken.stderr, /warning/);
    for (const port of ['70000', 'http', '-1']) {
      const wrong = await place.continuo(['server', `--port=${port}`]);
      assert.equal(wrong.code, 2, wrong.stderr);
      assert.match(wrong.stderr, /a port is a number/);
    }
    const nowhere = await place.continuo([...other, '--host', '192.0.2.1', '--port', '0']);
    assert.equal(nowhere.code, 3);
    assert.match(nowhere.stderr, /cannot listen at 192\.0\.2\.1/);
  });

  it('answers what is not HTTP, or too much of it, with a problem', async () => {
    await using place = new Place();
    const { port } = await serve(place);
    for (const [sent, status] of [
      ['nonsense\r\n\r\n', 400],
      [`GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(70_000)}\r\n\r\n`, 431],
      ['GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 400],
      ['GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 403],
    ] as const) {
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      socket.write(sent);
      const answer = await text(socket);
      assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `));
      assert.match(answer, /application\/problem\+json/);
      assert.match(answer, /"type":"urn:continuo:/);
    }
  });
});
