import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';

import { eventually, processesWith } from '../rig/cli.ts';
import { causeOf, endOf, freePorts, processesIn } from '../rig/real.ts';
import { openPlace, realSuites } from './real/where.ts';

import type { Place } from '../rig/cli.ts';

const plain = '--save "" --appendonly no --protected-mode no';

/** A Redis as a service, with further keys, and the steps after it. */
const withRedis = (port: number, keys: string, steps: string): string => `version: 2.1
pipeline:
  - step:
      name: redis
      background: true
      commands:
        - exec redis-server --port ${port} ${plain}
${keys}
${steps}`;

/** Ready by its port and by its own word. */
const readyBoth = (port: number): string => `      ready:
        - tcp: ${port}
        - log: Ready to accept connections`;

const step = (name: string, ...commands: readonly string[]): string => `  - step:
      name: ${name}
      commands:
${commands.map((command) => `        - ${command}\n`).join('')}`;

const cli = 'redis-cli -h "$CONTINUO_REDIS_HOST" -p "$CONTINUO_REDIS_PORT"';

/** Takes its process away as the kernel does when memory runs out, once a step has asked for it. */
async function killOnceAsked(place: Place, port: number): Promise<void> {
  await eventually(
    () => existsSync(join(place.dir, 'attack')),
    () => 'no step asks for it',
  );
  const [line = ''] = processesWith(`redis-server *:${port}`);
  process.kill(Number.parseInt(line, 10), 'SIGKILL');
}

realSuites('redis', ['redis-server', 'redis-cli'], (where, redisTest) => {
  for (const [kind, probe] of [
    ['tcp', (port: number) => `{tcp: ${port}}`],
    ['exec', (port: number) => `{exec: [redis-cli, -p, ${port}, ping]}`],
    ['log', () => '{log: Ready to accept connections}'],
  ] as const) {
    redisTest(`is ready by ${kind}, is used, and says good-bye`, async () => {
      await using place = openPlace();
      const [port] = await freePorts();
      const named = `redis-cli -h ${where.hostOf('redis')} -p ${port}`;
      const told = await where.exec(
        place,
        withRedis(
          port,
          `      ready: ${probe(port)}`,
          step('use', `${named} set fruit pear`, `${named} get fruit`),
        ),
      );
      assert.equal(told.code, 0, told.stdout + told.stderr);
      assert.match(await place.output('use'), /^OK\n(?:\+.*\n)pear\n/m);
      const said = await place.output('redis');
      assert.match(said, /Received SIGTERM/);
      assert.match(said, /bye bye\.\.\.\n$/);
      assert.deepEqual(await endOf(place, 'redis'), {
        kind: 'stopped',
        exit: { kind: 'code', code: 0 },
      });
    });
  }

  redisTest('is found by the service that needs it, and outlives that', async () => {
    await using place = openPlace();
    const [port, apiPort] = await freePorts();
    copyFileSync(join(import.meta.dirname, 'real/redis-api.js'), join(place.dir, 'redis-api.mjs'));
    const api = `  - step:
      name: api
      background: true
      needs: redis
      commands:
        - exec node redis-api.mjs
      environment:
        - {name: PORT, value: ${apiPort}}
      ready:
        http: {url: "http://localhost:${apiPort}/", status: 200, body: '^\\d+'}
`;
    const visit = `const url = 'http://' + process.env.CONTINUO_API_HOST + ':' + process.env.CONTINUO_API_PORT;
const visit = async () => Number(await (await fetch(url)).text());
const first = await visit();
console.log('one more:', await visit() - first);
`;
    place.file('visit.mjs', visit);
    const told = await where.exec(
      place,
      withRedis(port, readyBoth(port), api + step('visit', 'node visit.mjs', `${cli} get visits`)),
    );
    assert.equal(told.code, 0, told.stdout + told.stderr);
    assert.match(await place.output('visit'), /^one more: 1\n(?:\+.*\n)3\n/m);
    const ends = (await place.events()).filter(
      (event) => event.type === 'service.ended' || event.type === 'service.stopping',
    );
    assert.deepEqual(
      ends.map((event) => `${event.service} ${event.type}`),
      [
        'api service.stopping',
        'api service.ended',
        'redis service.stopping',
        'redis service.ended',
      ],
    );
    assert.equal((await endOf(place, 'redis')).kind, 'stopped');
  });

  redisTest('that goes to the background is told from one that stays', async () => {
    await using place = openPlace();
    const [port] = await freePorts();
    const told = await where.exec(
      place,
      withRedis(port, readyBoth(port), step('use', `${cli} ping`)).replace(
        `exec redis-server --port ${port}`,
        `redis-server --daemonize yes --port ${port}`,
      ),
    );
    assert.equal(told.code, 1, told.stdout + told.stderr);
    const { end } = await causeOf(place, 'redis');
    assert.ok(end.kind === 'exited-early');
    assert.deepEqual(end.exit, { kind: 'code', code: 0 });
    assert.deepEqual(processesIn(place.dir), []);
    // In a container it ends with what started it, and nobody can tell what that was.
    if (where.kind === 'docker') return;
    assert.equal(end.leftBehind.length, 1);
    const [{ pid, command }] = end.leftBehind as [(typeof end.leftBehind)[number]];
    assert.match(command, /^redis-server\b/);
    assert.match(told.stdout, new RegExp(`it left redis-server.*\\(pid ${pid}\\) behind`));
    assert.match(told.stdout, /run it in the foreground/);
  });

  redisTest('that goes to the background and is ready is told from one, too', async () => {
    await using place = openPlace();
    const [port] = await freePorts();
    const use = step('use', 'touch used', 'until [ -e ended ]; do sleep 0.02; done');
    const running = where.start(
      place,
      withRedis(port, `      ready: {tcp: ${port}}`, use).replace(
        `exec redis-server --port ${port} ${plain}`,
        `redis-server --daemonize yes --port ${port} ${plain}
        - until [ -e used ]; do sleep 0.02; done`,
      ),
    );
    await running.printed(/redis +▸ ended by itself/);
    place.file('ended', '');
    const told = await running.told;
    await where.empty(place);
    assert.equal(told.code, 0, told.stdout + told.stderr);
    const end = await endOf(place, 'redis');
    assert.ok(end.kind === 'completed');
    assert.deepEqual(processesIn(place.dir), []);
    if (where.kind === 'docker') return;
    assert.match(end.leftBehind?.[0]?.command ?? '', /^redis-server\b/);
    assert.match(told.stdout, /! redis: .*left behind was ended with it: redis-server.*foreground/);
  });

  redisTest('that is killed fails the run at once', async () => {
    await using place = openPlace();
    const [port] = await freePorts();
    const running = where.exec(
      place,
      withRedis(
        port,
        readyBoth(port),
        step('attack', 'touch attack', 'sleep 1000') + step('after', 'echo never'),
      ),
    );
    await killOnceAsked(place, port);
    const told = await running;
    assert.equal(told.code, 1, told.stdout + told.stderr);
    const cause = await causeOf(place, 'redis');
    assert.ok(cause.end.kind === 'died');
    assert.deepEqual(cause.end.exit, where.killed);
    assert.match(cause.lastLines.join('\n'), /Ready to accept connections$/);
    assert.match(
      told.stdout,
      /✗ service 'redis' died (?:on signal KILL|with exit code 137) after .*'attack' ran/,
    );
    const events = await place.events();
    const attack = events.findLast((event) => event.type === 'step.started')!;
    const last = events.at(-1)!;
    assert.ok(last.at - attack.at < 10_000, `it took ${last.at - attack.at} ms`);
    const outcomes = events
      .filter((event) => event.type === 'step.ended')
      .map(({ step: name, outcome }) => `${name} ${outcome}`);
    assert.deepEqual(outcomes, ['attack cancelled', 'after skipped']);
  });

  redisTest('that is killed starts again, and the next step waits for it', async () => {
    await using place = openPlace();
    const [port] = await freePorts();
    const running = where.start(
      place,
      withRedis(
        port,
        `${readyBoth(port)}\n      on-exit: {restart: 2, backoff: 100ms}`,
        step('before', `${cli} set fruit pear`) +
          step('attack', 'touch attack', 'until [ -e heard ]; do sleep 0.02; done') +
          step('after', `${cli} set fruit apple`, `${cli} get fruit`),
      ),
    );
    await killOnceAsked(place, port);
    // An engine tells of the end of a container some time after its port is closed.
    await running.printed(/redis +\S+ died .*; restart 1 of 2/);
    place.file('heard', '');
    const told = await running.told;
    await where.empty(place);
    assert.equal(told.code, 0, told.stdout + told.stderr);
    assert.match(await place.output('after'), /^apple\n/m);
    const events = await place.events();
    const seqs = (is: (event: (typeof events)[number]) => boolean): number[] =>
      events.filter(is).map(({ seq }) => seq);
    const ready = seqs(({ type }) => type === 'service.ready');
    const after = seqs((event) => event.type === 'step.started' && event.step === 'after');
    assert.equal(ready.length, 2);
    assert.ok(ready[1]! < after[0]!, 'ready again before the step');
    assert.equal((await place.output('redis')).match(/Ready to accept/g)?.length, 2);
    assert.equal((await endOf(place, 'redis')).kind, 'stopped');
    assert.match(
      told.stdout,
      /died (?:on signal KILL|with exit code 137) after .*; restart 1 of 2 in 100 ms/,
    );
    assert.match(told.stdout, /redis +stopped .*1 restart/);
  });

  redisTest(
    'of somebody else on its port is named',
    async ({ 'redis-server': server }) => {
      await using place = openPlace();
      const [port] = await freePorts();
      const foreign = spawn(server, ['--port', `${port}`, '--save', '', '--dir', '/'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      try {
        await said(foreign.stdout, 'Ready to accept connections');
        const told = await where.exec(
          place,
          withRedis(port, readyBoth(port), step('use', `${cli} ping`)),
        );
        assert.equal(told.code, 1, told.stdout + told.stderr);
        const { end } = await causeOf(place, 'redis');
        assert.ok(end.kind === 'port-taken' && end.by);
        assert.equal(end.port, port);
        assert.equal(end.by.pid, foreign.pid);
        assert.match(end.by.command, /redis-server/);
        assert.match(
          told.stdout,
          new RegExp(`port ${port} is taken by .*redis-server.*${end.by.pid}`),
        );
        assert.equal(foreign.exitCode ?? foreign.signalCode, null, 'and is left alone');
      } finally {
        foreign.kill();
        await once(foreign, 'exit');
      }
    },
    'it has ports of its own',
  );

  redisTest('that does not understand its settings is heard out', async () => {
    await using place = openPlace();
    const [port] = await freePorts();
    const told = await where.exec(
      place,
      withRedis(port, readyBoth(port), step('use', `${cli} ping`)).replace(
        plain,
        '--maxmemory plenty',
      ),
    );
    assert.equal(told.code, 1, told.stdout + told.stderr);
    const { end, lastLines } = await causeOf(place, 'redis');
    assert.ok(end.kind === 'exited-early');
    assert.deepEqual(end.exit, { kind: 'code', code: 1 });
    assert.match(lastLines.join('\n'), /'maxmemory "plenty"'/);
    assert.match(told.stdout, /'maxmemory "plenty"'/);
  });

  redisTest(
    'that is asked on the wrong port is not ready, and the answer is told, and the right one',
    async () => {
      await using place = openPlace();
      const [port, other] = await freePorts();
      const told = await where.exec(
        place,
        withRedis(
          port,
          `      ready: {tcp: ${other}, timeout: 1s}`,
          step('use', `redis-cli -p ${port} ping`),
        ),
      );
      assert.equal(told.code, 1, told.stdout + told.stderr);
      const { end } = await causeOf(place, 'redis');
      assert.ok(end.kind === 'not-ready');
      assert.deepEqual(end.listensOn, [port]);
      assert.match(
        told.stdout,
        new RegExp(`not ready after [\\d.]+ s: tcp localhost:${other} .*: connection refused`),
      );
      assert.match(await place.output('redis'), /bye bye/);
    },
  );
});

/** Settles once the stream has said this; throws when it ends without. */
async function said(stream: NodeJS.ReadableStream, what: string): Promise<void> {
  let heard = '';
  for await (const bytes of stream) {
    heard += String(bytes);
    if (heard.includes(what)) return;
  }
  throw new Error(`never said ${what}:\n${heard}`);
}
