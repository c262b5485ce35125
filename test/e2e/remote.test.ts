import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';

import { Place } from '../rig/cli.ts';
import { FaultProxy } from '../rig/fault-proxy.ts';
import { freePort } from '../rig/ports.ts';
import { comesTo, killRunner } from '../rig/server-runs.ts';
import { serve } from '../rig/serving.ts';

import type { AddressInfo } from 'node:net';
import type { Serving } from '../rig/serving.ts';

const step = (name: string, ...commands: string[]): string =>
  `  - step: ${JSON.stringify({ name, 'commands-output': 'minimal', environment: [{ name: 'WHO' }, { name: 'KEY' }], commands })}\n`;

const pipeline = (...steps: string[]): string => `version: 2.1\npipeline:\n${steps.join('')}`;

const listed = async (server: Serving): Promise<readonly { readonly id: string }[]> =>
  ((await (await server.ask('/api/v1/runs')).json()) as { runs: { id: string }[] }).runs;

const idIn = (said: string): string => /\d{8}-\d{6}-\w{5}/.exec(said)![0];

describe('exec --remote', () => {
  it('shows a run of a server as if it ran here, and ends as that does', async () => {
    await using place = new Place();
    await serve(place);
    const separated = "printf 'a\\342\\200\\250b\\n'";
    const greet = step('greet', 'echo "hello $WHO $KEY"', separated, 'seq 1 2000', 'echo oops >&2');
    place.file('good.yaml', pipeline(greet));
    place.file('bad.yaml', pipeline(step('talk', 'echo last words'), step('fail', 'exit 3')));
    place.file('wrong.yaml', 'version: 2.1\npipelin: []\n');
    const env = { KEY: 'hunter2hunter2' };
    const given = ['--env', 'WHO=ann', '--secret', 'KEY'];
    const good = await place.continuo(['exec', '--remote', ...given, 'good.yaml'], env);
    assert.equal(good.code, 0, good.stderr);
    const here = await place.continuo(['exec', ...given, 'good.yaml'], env);
    const printed = ({ stdout }: { stdout: string }): string[] =>
      stdout.split('\n').filter((line) => line.startsWith('greet │'));
    assert.equal(printed(good).length, 2_003);
    assert.deepEqual(printed(good), printed(here));
    assert.match(good.stdout, /^greet │ hello ann \*+$/m);
    const bad = await place.continuo(['exec', '--remote', 'bad.yaml']);
    assert.equal(bad.code, 1, bad.stderr);
    assert.match(bad.stdout, /step 'fail' failed with exit code 3/);
    const silent = await place.continuo(['exec', '--remote', '--silent', 'bad.yaml']);
    assert.deepEqual([silent.code, silent.stdout, silent.stderr], [1, '', '']);
    const wrong = await place.continuo(['exec', '--remote', 'wrong.yaml']);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /The pipeline has mistakes:\n.*wrong\.yaml:2:1/);
    const json = await place.continuo(['exec', '--remote', '--format', 'json', 'bad.yaml']);
    const types = json.stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { type: string }).type);
    assert.deepEqual([types[0], types.at(-1)], ['run.started', 'run.ended']);
  });

  it('runs a chain in its order, the teardown whatever happened', async () => {
    await using place = new Place();
    await serve(place);
    place.file('up.yaml', pipeline(step('up', 'echo up >>said')));
    place.file('bad.yaml', pipeline(step('bad', 'echo bad >>said; exit 3')));
    place.file('never.yaml', pipeline(step('never', 'echo never >>said')));
    place.file('down.yaml', pipeline(step('down', 'echo down >>said')));
    const files = [
      '--setup',
      'up.yaml',
      '--teardown',
      'down.yaml',
      '--yaml',
      'bad.yaml',
      '--yaml',
      'never.yaml',
    ];
    const all = await place.continuo(['exec', '--remote', ...files]);
    assert.equal(all.code, 1, all.stderr);
    assert.equal(readFileSync(join(place.dir, 'said'), 'utf8'), 'up\nbad\ndown\n');
    // They were loaded for a moment, which is nobody's business.
    assert.doesNotMatch(all.stdout, /loaded|continuo resume|goes? on/);
    // Of the chain it is told what is told of one that runs here.
    for (const [format, ofChain] of [
      ['plain', /^\S (file|chain) .*$/gm],
      ['json', /^.*"type":"chain\..*$/gm],
    ] as const) {
      const saidBy = async (...remote: string[]): Promise<readonly string[]> => {
        const { stdout } = await place.continuo(['exec', ...remote, '--format', format, ...files]);
        const lines = stdout.match(ofChain) ?? [];
        return lines.map((line) => line.replace(/ after [^:]+|"(at|tookMs)":\d+/g, ''));
      };
      const here = await saidBy();
      assert.equal(here.length, 5);
      assert.deepEqual(await saidBy('--remote'), here);
    }
  });

  it('takes a chain back that cannot be begun, and says what is left when it cannot be taken back', async () => {
    await using place = new Place();
    const server = await serve(place);
    let refusals = 1;
    // It passes on what is asked, but for the first commands.
    const between = createServer((asked, answer) => {
      void (async () => {
        const [body, path] = [await readText(asked), asked.url!];
        if (path.endsWith('/commands') && refusals-- > 0) return void asked.socket.destroy();
        const headers = { 'content-type': 'application/json' };
        const told = await server.ask(path, { method: 'POST', headers, body });
        const type = told.headers.get('content-type')!;
        answer.writeHead(told.status, { 'content-type': type }).end(await told.text());
      })();
    }).listen(0, '127.0.0.1');
    await using _closed = { [Symbol.asyncDispose]: () => promisify(between.close.bind(between))() };
    await once(between, 'listening');
    const { port } = between.address() as AddressInfo;
    for (const name of ['up', 'build', 'down'])
      place.file(`${name}.yaml`, pipeline(step(name, `touch did-${name}`)));
    const chain = ['--setup', 'up.yaml', '-y', 'build.yaml', '--teardown', 'down.yaml'];
    const exec = () => place.continuo(['exec', '--server', `127.0.0.1:${port}`, ...chain]);
    const undone = await exec();
    assert.equal(undone.code, 3);
    assert.match(undone.stderr, /cannot reach a server/);
    assert.doesNotMatch(undone.stderr, /continuo kill/);
    for (const { id } of await listed(server))
      await comesTo(server, id, ({ outcome }) => outcome === 'cancelled');
    refusals = Infinity;
    const left = await exec();
    assert.equal(left.code, 3);
    const [, said] = /may still be at the server; end it with `(.*)`/.exec(left.stderr)!;
    for (const command of said!.split('; ')) {
      const ended = await place.continuo(command.split(' ').slice(1));
      assert.equal(ended.code, 0, ended.stderr);
    }
    const runs = await listed(server);
    assert.equal(runs.length, 6);
    for (const { id } of runs) await comesTo(server, id, ({ outcome }) => outcome === 'cancelled');
    for (const name of ['up', 'build', 'down'])
      assert.ok(!existsSync(join(place.dir, `did-${name}`)));
  });

  it('goes on with a chain that has begun, though the answer to that was lost', async () => {
    await using place = new Place();
    const port = await freePort();
    const server = await serve(place, { args: ['--allow-host', `127.0.0.1:${port}`] });
    await using between = await FaultProxy.start({ port }, { port: server.port });
    between.rule({ fault: { kind: 'lose' }, when: /^POST .*\/commands$/, times: 1 });
    for (const name of ['up', 'build', 'down'])
      place.file(`${name}.yaml`, pipeline(step(name, `touch did-${name}`)));
    const chain = ['--setup', 'up.yaml', '-y', 'build.yaml', '--teardown', 'down.yaml'];
    const told = await place.continuo(['exec', '--server', `127.0.0.1:${port}`, ...chain]);
    assert.equal(told.code, 0, told.stderr);
    for (const name of ['up', 'build', 'down'])
      assert.ok(existsSync(join(place.dir, `did-${name}`)), name);
  });

  it('says what is to be done where the server is asked by a name that it does not know', async () => {
    await using place = new Place();
    const server = await serve(place);
    const port = await freePort();
    await using _between = await FaultProxy.start({ port }, { port: server.port });
    place.file('a.yaml', pipeline(step('a', 'true')));
    const told = await place.continuo(['exec', '--server', `127.0.0.1:${port}`, 'a.yaml']);
    assert.equal(told.code, 3);
    assert.match(told.stderr, /goes by another name: [^\n]*--allow-host/);
  });

  it('leaves the run to the server on INT, and says how it is ended', async () => {
    await using place = new Place();
    const server = await serve(place);
    place.file('long.yaml', pipeline(step('wait', 'echo on', `sleep 1000 # ${place.mark}`)));
    const running = place.start(['exec', '--remote', 'long.yaml']);
    await running.printed(/^wait │ on/m);
    running.child.kill('SIGINT');
    const { code, stderr } = await running.told;
    assert.equal(code, 130);
    const [, id] = /INT: run (\S+) goes on at the server; end it with `continuo kill \1`/.exec(
      stderr,
    )!;
    const killed = await place.continuo(['kill', '--server', server.url, id!]);
    assert.equal(killed.stdout, `run ${id} is ending\n`);
    await comesTo(server, id!, ({ outcome }) => outcome === 'cancelled');
  });

  it('does not wait when that is asked, nor show what is printed', async () => {
    await using place = new Place();
    const server = await serve(place);
    place.file('a.yaml', pipeline(step('say', 'echo spoken')));
    const started = await place.continuo(['exec', '--remote', '--non-blocking', 'a.yaml']);
    assert.match(started.stdout, /^run \S+ goes on: a\n$/);
    await comesTo(server, idIn(started.stdout), ({ outcome }) => outcome === 'succeeded');
    const quiet = await place.continuo(['exec', '--remote', '--no-remote-logs', 'a.yaml']);
    assert.equal(quiet.code, 0);
    assert.match(quiet.stdout, /say/);
    assert.doesNotMatch(quiet.stdout, /spoken/);
  });

  it('goes on where it was when the server is killed and started again', async () => {
    await using place = new Place();
    const server = await serve(place);
    const talk = step('talk', 'seq 1 50', 'until [ -e go ]; do sleep 0.02; done', 'seq 51 100');
    place.file('a.yaml', pipeline(talk));
    const running = place.start(['exec', '--remote', 'a.yaml']);
    await running.printed(/^talk │ 50$/m);
    server.running.child.kill('SIGKILL');
    await server.running.told;
    place.file('go', '');
    await serve(place, { port: server.port });
    const { code, stdout } = await running.told;
    assert.equal(code, 0);
    const said = [...stdout.matchAll(/^talk │ (\d+)$/gm)].map(([, line]) => Number(line));
    assert.deepEqual(
      said,
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
  });

  it('says what to do where there is no server, no token, or something that it cannot do', async () => {
    await using place = new Place();
    place.file('a.yaml', pipeline(step('a', 'true')));
    const at = ['--server', `127.0.0.1:${await freePort()}`];
    const untold = await place.continuo(['exec', '--remote', ...at, 'a.yaml']);
    assert.equal(untold.code, 3);
    assert.match(untold.stderr, /no token for the server at .*: set CONTINUO_TOKEN/);
    const nobody = await place.continuo(['exec', ...at, 'a.yaml'], { CONTINUO_TOKEN: 'abc' });
    assert.equal(nobody.code, 3);
    assert.match(nobody.stderr, /cannot reach a server at .*ECONNREFUSED.*; start one with/);
    const server = await serve(place);
    const wrong = await place.continuo(['load', 'a.yaml'], { CONTINUO_TOKEN: 'abc' });
    assert.equal(wrong.code, 3);
    assert.match(wrong.stderr, /the server does not know this token: set CONTINUO_TOKEN/);
    const refused = await place.continuo([
      'exec',
      '--remote',
      '--non-blocking',
      '-l',
      'files',
      'a.yaml',
    ]);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /--logging is not for --non-blocking: .*`continuo logs`/);
    const local = await place.continuo(['exec', '--non-blocking', 'a.yaml']);
    assert.equal(local.code, 2);
    assert.match(local.stderr, /are for --remote/);
    const outside = await place.continuo(['exec', '--remote', '-w', '/', 'a.yaml']);
    assert.equal(outside.code, 2);
    assert.match(
      outside.stderr,
      /no such folder in the workspace: Nothing that may be used lies at/,
    );
    for (const { stderr } of [untold, nobody, wrong, refused, outside])
      assert.doesNotMatch(stderr, /\n +at |\.js:/);
    rmSync(join(place.stateDir, 'server', 'where.json'));
    server.running.child.kill('SIGTERM');
    await server.running.told;
  });
});

describe('load', () => {
  it('takes back what was ordered of a chain before a file that is refused, and says so', async () => {
    await using place = new Place();
    const server = await serve(place);
    for (const name of ['up', 'build', 'down'])
      place.file(`${name}.yaml`, pipeline(step(name, `touch did-${name}`)));
    const chain = ['--setup', 'up.yaml', '-y', 'build.yaml', '-y', '../outside.yaml'];
    const refused = await place.continuo(['load', ...chain, '--teardown', 'down.yaml']);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /no such file[^\n]*\n[^\n]*what was ordered is taken back/);
    const runs = await listed(server);
    assert.equal(runs.length, 2);
    for (const { id } of runs) await comesTo(server, id, ({ outcome }) => outcome === 'cancelled');
  });

  it('takes back a teardown, too, that was taken though the answer to that was lost', async () => {
    await using place = new Place();
    const port = await freePort();
    const server = await serve(place, { args: ['--allow-host', `127.0.0.1:${port}`] });
    await using between = await FaultProxy.start({ port }, { port: server.port });
    const when = /^POST .*\/runs$/;
    between.rule({ fault: { kind: 'delay', ms: 0 }, when, times: 2 });
    between.rule({ fault: { kind: 'lose' }, when, times: 1 });
    for (const name of ['up', 'build', 'down'])
      place.file(`${name}.yaml`, pipeline(step(name, `touch did-${name}`)));
    const chain = ['--setup', 'up.yaml', '-y', 'build.yaml', '--teardown', 'down.yaml'];
    const told = await place.continuo(['load', '--server', `127.0.0.1:${port}`, ...chain]);
    assert.equal(told.code, 3);
    assert.match(told.stderr, /cannot reach a server[^\n]*\n[^\n]*what was ordered is taken back/);
    const runs = await listed(server);
    assert.equal(runs.length, 3);
    for (const { id } of runs) await comesTo(server, id, ({ outcome }) => outcome === 'cancelled');
    assert.ok(!existsSync(join(place.dir, 'did-down')));
  });

  it('takes back the first of them, too, that was taken though the answer to that was lost', async () => {
    await using place = new Place();
    const port = await freePort();
    const server = await serve(place, { args: ['--allow-host', `127.0.0.1:${port}`] });
    await using between = await FaultProxy.start({ port }, { port: server.port });
    const other = await place.continuo(['load', place.file('b.yaml', pipeline(step('b', 'true')))]);
    for (const name of ['a', 'down']) place.file(`${name}.yaml`, pipeline(step(name, 'true')));
    const at = ['--server', `127.0.0.1:${port}`];
    for (const command of [
      ['load', ...at, 'a.yaml'],
      ['exec', ...at, '-y', 'a.yaml', '--teardown', 'down.yaml'],
    ]) {
      between.rule({ fault: { kind: 'lose' }, when: /^POST .*\/runs$/, times: 1 });
      const told = await place.continuo(command);
      assert.equal(told.code, 3);
      assert.match(
        told.stderr,
        /cannot reach a server[^\n]*\n[^\n]*what was ordered is taken back/,
      );
    }
    const runs = await listed(server);
    assert.equal(runs.length, 3);
    for (const { id } of runs.slice(0, 2))
      await comesTo(server, id, ({ outcome }) => outcome === 'cancelled');
    const { outcome } = await comesTo(server, idIn(other.stdout), () => true);
    assert.equal(outcome, 'loaded');
    assert.equal((await place.continuo(['kill', idIn(other.stdout)])).code, 0);
  });

  it('has a run begin when it is asked, step by step, by the same commands as any', async () => {
    await using place = new Place();
    const server = await serve(place);
    const text = pipeline(step('one', 'echo 1 >>said'), step('two', 'echo 2 >>said'));
    place.file('shop.yaml', text);
    place.file('next.yaml', pipeline(step('three', 'echo "$WHO" >>said')));
    const loaded = await place.continuo(['load', 'shop.yaml', 'next.yaml', '-e', 'WHO=ann']);
    assert.equal(loaded.code, 0, loaded.stderr);
    const [shop, next] = loaded.stdout.trim().split('\n');
    assert.match(shop!, /^run \S+ is loaded: shop$/);
    assert.match(next!, new RegExp(`^run \\S+ begins after ${idIn(shop!)}: next$`));
    const id = idIn(shop!);
    const told = async (...args: string[]): Promise<string[]> =>
      (await place.continuo(['describe', ...args])).stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.replace(/^\S+ {2}/, ''));
    const begin = ['loaded  shop', '  one  step     pending  next', '  two  step     pending'];
    assert.deepEqual(await told('--server', server.url, id), begin);
    const waiting = await told('--server', server.url, 'next');
    assert.deepEqual(waiting, [`loaded, begins after ${id}  next`]);
    assert.ok(!existsSync(join(place.dir, 'said')));
    assert.equal((await place.continuo(['resume', id, '--next'])).code, 0);
    await comesTo(server, id, ({ paused }) => paused?.why.kind === 'break');
    const middle = ['paused  shop', '  one  step     succeeded', '  two  step     pending  next'];
    assert.deepEqual(await told(), middle);
    assert.equal((await place.continuo(['resume', '--server', server.url, id])).code, 0);
    await comesTo(server, 'next', ({ outcome }) => outcome === 'succeeded');
    assert.equal(readFileSync(join(place.dir, 'said'), 'utf8'), '1\n2\nann\n');
  });

  it('is told as lost once its process is gone, with what it was doing then', async () => {
    await using place = new Place();
    const server = await serve(place);
    const db = `  - step:
      name: db
      background: true
      commands: ['echo up; exec sleep 1000']
      ready: {log: ^up}
`;
    place.file('shop.yaml', pipeline(db, step('one', 'true'), step('two', 'true')));
    const loaded = await place.continuo(['load', 'shop.yaml']);
    const id = idIn(loaded.stdout);
    assert.equal((await place.continuo(['resume', id, '--to', 'one'])).code, 0);
    await comesTo(server, id, ({ paused }) => paused?.why.kind === 'break');
    await killRunner(server, id);
    const lost = `${id}  lost  shop
  db   service  lost while ready
  one  step     succeeded
  two  step     not run
`;
    assert.equal((await place.continuo(['describe', id])).stdout, lost);
    assert.equal((await place.continuo(['describe', id, '--server', server.url])).stdout, lost);
  });

  it('tells of a service that died in a pause, and that a run that goes on fails with it', async () => {
    await using place = new Place();
    const server = await serve(place);
    const db = `  - step:
      name: db
      background: true
      commands: ['echo up; until [ -e die ]; do sleep 0.02; done; exit 9']
      ready: {log: ^up}
`;
    place.file('shop.yaml', pipeline(db, step('one', 'true'), step('two', 'true')));
    const ways = [
      { where: [], how: ['--next'], code: 1 },
      { where: ['--server', server.url], how: ['--to', 'two'], code: 1 },
      { where: [], how: [], code: 0 },
      { where: ['--server', server.url], how: [], code: 0 },
    ];
    for (const { where, how, code } of ways) {
      rmSync(join(place.dir, 'die'), { force: true });
      const id = idIn((await place.continuo(['load', 'shop.yaml'])).stdout);
      const begun = await place.continuo(['resume', id, ...where, '--to', 'one']);
      assert.equal(begun.stdout, `run ${id} goes on\n`);
      await comesTo(server, id, ({ paused }) => paused?.why.kind === 'break');
      place.file('die', '');
      await comesTo(server, id, ({ paused }) => paused?.why.kind === 'failure');
      const cause = "service 'db' died with exit code 9 after ";
      const seen = await place.continuo(['describe', id, ...where]);
      assert.match(seen.stdout, /^\S+ {2}paused /);
      assert.match(seen.stdout, /two {2}step {5}pending\n/);
      assert.ok(seen.stdout.includes(`\n  ${cause}`), seen.stdout);
      const told = await place.continuo(['resume', id, ...where, ...how]);
      assert.equal(told.code, code, told.stderr);
      const words = `run ${id} goes on, and fails: ${cause}`;
      assert.ok((code === 0 ? told.stdout : told.stderr).includes(words), told.stderr);
      await comesTo(server, id, ({ outcome }) => outcome === 'failed');
      const over = await place.continuo(['describe', id, ...where]);
      assert.match(over.stdout, /^\S+ {2}failed /);
      assert.ok(over.stdout.includes(`\n  ${cause}`), over.stdout);
    }
  });
});
