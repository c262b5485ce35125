import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { describe, it } from 'node:test';

import { Place } from '../rig/cli.ts';
import { freePort } from '../rig/ports.ts';

import type { AddressInfo } from 'node:net';
import type { Recorded, RunEvent } from '../../src/event/event.ts';

const server = (port: number, more = ''): string =>
  `exec node -e 'console.log("serving"); require("http").createServer((q, r) => r.end("hi")).listen(${port});${more}'`;

const end = (events: readonly Recorded<RunEvent>[]) =>
  events.find(
    (event): event is Recorded<Extract<RunEvent, { type: 'run.ended' }>> =>
      event.type === 'run.ended',
  );

const at = (
  events: readonly Recorded<RunEvent>[],
  type: RunEvent['type'],
  about: string,
): number => {
  const found = events.find(
    (event) =>
      event.type === type &&
      (('step' in event && event.step === about) ||
        ('service' in event && event.service === about)),
  );
  assert.ok(found, `${type} ${about} was told`);
  return found.at;
};

describe('a service that goes wrong', () => {
  it('stops the step that runs when it dies, at once, and is the cause with its last lines', async () => {
    await using place = new Place();
    const told = await place.exec(`version: 2.1
pipeline:
  - step:
      name: db
      background: true
      commands: [echo loading, sleep 0.3, "echo 'disk on fire' >&2", exit 7]
  - step: {name: test, commands: [sleep 1000]}
  - step: {name: report, commands: [echo never]}
`);
    assert.equal(told.code, 1);
    const events = await place.events();
    const cause = end(events)?.cause;
    assert.ok(cause?.kind === 'service' && cause.end.kind === 'died');
    assert.deepEqual(cause.end.exit, { kind: 'code', code: 7 });
    assert.ok(cause.lastLines.includes('disk on fire'));
    assert.ok(at(events, 'step.ended', 'test') - at(events, 'service.ended', 'db') < 1_000);
    // The cause is told before its consequences, and what must be known stands at the end.
    const causeAt = told.stdout.indexOf("service 'db' died with exit code 7");
    assert.ok(causeAt > 0 && causeAt < told.stdout.indexOf("step 'test' was cancelled"));
    assert.match(told.stdout, /disk on fire[\s\S]*continuo logs \S+\n$/);
    assert.match(told.stdout, /report .*skipped/);
  });

  it('fails at its timeout with the last answer when it never becomes ready', async () => {
    await using place = new Place();
    const port = await freePort();
    const told = await place.exec(`version: 2.1
pipeline:
  - step:
      name: api
      background: true
      commands: [exec sleep 1000]
      ready: {http: "http://localhost:${port}/health", timeout: 700ms}
  - step: {name: test, commands: [echo never]}
`);
    assert.equal(told.code, 1);
    assert.match(
      told.stdout,
      new RegExp(
        `'api' was not ready after 7\\d\\d ms.*GET http://localhost:${port}/health.*connection refused`,
      ),
    );
    assert.doesNotMatch(told.stdout, /│ never/);
  });

  it('says what a server that is there answers instead', async () => {
    await using place = new Place();
    const port = await freePort();
    const told = await place.exec(`version: 2.1
pipeline:
  - step:
      name: api
      background: true
      commands: ["${server(port).replaceAll('"', '\\"')}"]
      ready: {http: {url: "http://localhost:${port}/", status: 204}, timeout: 1500ms}
  - step: {name: test, commands: [echo never]}
`);
    assert.equal(told.code, 1);
    assert.match(told.stdout, /last answer: status 200/);
  });

  it('fails at the moment it ends before it is ready, not when the timeout is over', async () => {
    await using place = new Place();
    const told = await place.exec(`version: 2.1
pipeline:
  - step:
      name: api
      background: true
      commands: [echo no config, exit 0]
      ready: {tcp: ${await freePort()}, timeout: 1h}
  - step: {name: test, commands: [echo never]}
`);
    assert.equal(told.code, 1);
    const cause = end(await place.events())?.cause;
    assert.ok(cause?.kind === 'service' && cause.end.kind === 'exited-early');
    assert.match(told.stdout, /no config/);
  });

  it('says when the server went to the background, and ends it', async () => {
    await using place = new Place();
    const port = await freePort();
    const told = await place.exec(`version: 2.1
pipeline:
  - step:
      name: api
      background: true
      commands:
        - |
          setsid node -e 'require("net").createServer().listen(${port})' ${place.mark} &
      ready: {tcp: ${port}}
  - step: {name: test, commands: [echo never]}
`);
    assert.equal(told.code, 1);
    assert.match(told.stdout, /foreground/);
    assert.deepEqual(place.leftovers(), []);
  });

  it('is started again with back-off, and a later step waits for it', async () => {
    await using place = new Place();
    const port = await freePort();
    const told = await place.exec(`version: 2.1
pipeline:
  - step:
      name: api
      background: true
      commands: ["${server(port).replaceAll('"', '\\"')}"]
      ready: {tcp: ${port}}
      on-exit: {restart: 3, backoff: 200ms}
  - step: {name: kill, commands: ["kill -9 $(cat api.pid 2> /dev/null || pgrep -n -f 'listen.${port}')"]}
  - step: {name: test, commands: ["sleep 0.1; true"]}
  - step: {name: again, commands: ["node -e 'fetch(\`http://localhost:\${process.env.CONTINUO_API_PORT}\`).then((r) => r.text()).then(console.log)'"]}
`);
    const events = await place.events();
    assert.equal(told.code, 0, told.stdout);
    assert.equal(events.filter(({ type }) => type === 'service.restarting').length, 1);
    assert.match(await place.output('again'), /hi/);
    assert.match(told.stdout, /succeeded, although|restarted/);
  });

  it('gives up after the last restart', async () => {
    await using place = new Place();
    const told = await place.exec(`version: 2.1
pipeline:
  - step:
      name: flaky
      background: true
      commands: [exit 9]
      on-exit: {restart: 2, backoff: 50ms}
  - step: {name: test, commands: [sleep 1000]}
`);
    assert.equal(told.code, 1);
    const events = await place.events();
    assert.equal(events.filter(({ type }) => type === 'service.starting').length, 3);
  });

  it('may not answer through a stranger, who is named', async () => {
    await using place = new Place();
    await using stranger = createServer().listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    const { port } = stranger.address() as AddressInfo;
    const told = await place.exec(`version: 2.1
pipeline:
  - step:
      name: db
      background: true
      commands: [exec sleep 1000]
      ready: {tcp: ${port}}
  - step: {name: test, commands: [echo never]}
`);
    assert.equal(told.code, 1);
    assert.match(told.stdout, new RegExp(`port ${port} is taken by .*node.*pid ${process.pid}`));
  });

  it('takes a dependent along: what needs it is not started', async () => {
    await using place = new Place();
    const told = await place.exec(`version: 2.1
pipeline:
  - step:
      name: db
      background: true
      commands: [exit 1]
      on-exit: ignore
      ready: {log: never}
  - step: {name: api, background: true, commands: [echo started; sleep 1000], needs: [db]}
  - step: {name: test, commands: [echo never]}
`);
    assert.equal(told.code, 1);
    const cause = end(await place.events())?.cause;
    assert.ok(cause?.kind === 'service' && cause.end.kind === 'skipped', JSON.stringify(cause));
    assert.match(told.stdout, /api.*needs.*db/);
  });
});

describe('a step that fails', () => {
  it('shows its last lines, and what every service said while it ran', async () => {
    await using place = new Place();
    const told = await place.exec(`version: 2.1
pipeline:
  - step:
      name: db
      background: true
      commands-output: minimal
      commands: ["while sleep 0.05; do echo 'db says hello'; done"]
  - step: {name: test, commands-output: minimal, commands: [sleep 0.2, echo expected 1 got 2, exit 4]}
`);
    assert.equal(told.code, 1);
    const from = told.stdout.indexOf("step 'test' failed");
    assert.ok(from > 0, told.stdout);
    const closing = told.stdout.slice(from);
    assert.match(closing, /exit code 4/);
    assert.match(closing, /expected 1 got 2[\s\S]*db says hello/);
  });

  it('is told apart from success when the pipeline goes on', async () => {
    await using place = new Place();
    const told = await place.exec(`version: 2.1
pipeline:
  - step: {name: lint, commands: [exit 1], continue-on-fail: true}
  - step: {name: test, commands: [echo ok]}
`);
    assert.equal(told.code, 0);
    assert.match(told.stdout, /lint .*ignored/);
  });

  it('fails with its own words when the command is not there', async () => {
    await using place = new Place();
    const told = await place.exec(`version: 2.1
pipeline:
  - step: {name: a, commands: [echo], commands-shell: /no/such/shell}
`);
    assert.equal(told.code, 1);
    assert.match(told.stdout, /\/no\/such\/shell.*(not found|no such)/i);
  });

  it('is tried again as often as told', async () => {
    await using place = new Place();
    const told = await place.exec(`version: 2.1
pipeline:
  - step:
      name: a
      retry: {iterations: 3, backoff: 10ms}
      commands: ["echo x >> tries; test $(wc -l < tries) = 3"]
`);
    assert.equal(told.code, 0, told.stdout);
    assert.equal((await place.events()).filter(({ type }) => type === 'step.retrying').length, 2);
  });
});
