import assert from 'node:assert/strict';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';

import { ContainerPlace } from '../rig/container-place.ts';
import { dockerSuite } from '../rig/docker.ts';

const busybox = 'background: true, image: continuo-test/busybox';
/** Some time, after which it is on record that it is over. */
const late = (name: string): string => `"sleep 0.5; touch up-${name}"`;

dockerSuite('ready, on containers', () => {
  it('is found out by port, page, command, line, and health check', async () => {
    await using place = new ContainerPlace();
    mkdirSync(join(place.dir, 'work'));
    chmodSync(join(place.dir, 'work'), 0o777);
    const healthy = (name: string): string =>
      `commands: [${late(name)}, touch /tmp/healthy, exec sleep 1000]`;
    const told = await place.exec(
      `version: 2.1
pipeline:
  - step: { name: port, ${busybox}, commands: [${late('port')}, "exec nc -ll -p 8000 -e true"], ready: {tcp: 8000, timeout: 30s} }
  - step: { name: page, ${busybox}, commands: ["mkdir /w; echo well > /w/health", ${late('page')}, "exec httpd -f -p 8000 -h /w"], ready: {http: {url: "http://localhost:8000/health", body: well}} }
  - step: { name: command, ${busybox}, ${healthy('command')}, ready: {exec: [test, -e, /tmp/healthy]} }
  - step: { name: script, ${busybox}, user: app, ${healthy('script')}, ready: {exec: '[ -e /tmp/healthy ] && [ "$(id -un)" = app ]'} }
  - step: { name: line, ${busybox}, commands: [${late('line')}, echo it is up, exec sleep 1000], ready: {log: 'is up$'} }
  - step: { name: words, background: true, image: continuo-test/health-cmd, ${healthy('words')}, ready: {health: true} }
  - step: { name: shell, background: true, image: continuo-test/health-shell, ${healthy('shell')}, ready: {health: true} }
  - step: { name: both, ${busybox}, commands: [echo up, ${late('both')}, touch /tmp/healthy, exec sleep 1000], ready: [{log: up}, {exec: [test, -e, /tmp/healthy]}] }
  - step: { name: test, image: continuo-test/busybox, commands-output: minimal, commands: [nc port 8000 </dev/null, wget -qO- http://page:8000/health, ls -d up-*] }
`,
      ['--workspace', 'work'],
    );
    assert.equal(told.code, 0, told.stdout);
    // Each was waited for until it had come so far.
    assert.equal(
      await place.output('test'),
      'well\nup-both\nup-command\nup-line\nup-page\nup-port\nup-script\nup-shell\nup-words\n',
    );
  });

  it('shows what a health check said while it waits, and when it waited in vain', async () => {
    await using place = new ContainerPlace();
    const told = await place.exec(`version: 2.1
pipeline:
  - step: { name: db, background: true, image: continuo-test/health-shell, entrypoint: sleep, arguments: ["1000"], ready: {health: true, timeout: 6s} }
  - step: { name: test, image: continuo-test/busybox, commands: [echo never] }
`);
    assert.equal(told.code, 1);
    const said = 'exit code 1: no /tmp/healthy yet';
    assert.match(told.stdout, new RegExp(`db .*(asked|waiting).*${said}`));
    assert.match(told.stdout, new RegExp(`service 'db' was not ready after [\\d.]+ s: .*${said}`));
    const asked = await place.last('service.asked', 'db');
    assert.equal(asked?.asked[0]?.answer, said);
  });

  it('fails at once when an image has no health check to be asked by', async () => {
    await using place = new ContainerPlace();
    const sleep = 'entrypoint: sleep, arguments: ["1000"]';
    const told = await place.exec(`version: 2.1
pipeline:
  - step: { name: taken-back, background: true, image: continuo-test/health-none, ${sleep}, ready: {health: true} }
  - step: { name: none, background: true, image: continuo-test/busybox, ${sleep}, ready: {health: true}, on-exit: ignore }
  - step: { name: test, image: continuo-test/busybox, commands: [echo never] }
`);
    assert.equal(told.code, 1);
    assert.match(
      told.stdout,
      /service '(taken-back|none)' was not ready.*its image has no health check/,
    );
  });

  it('says so when a probe cannot be run in the container', async () => {
    await using place = new ContainerPlace();
    const told = await place.exec(`version: 2.1
pipeline:
  - step: { name: db, background: true, image: continuo-test/no-shell, entrypoint: [busybox, sleep], arguments: ["1000"], ready: {exec: [pg_isready], timeout: 6s} }
  - step: { name: test, image: continuo-test/busybox, commands: [echo never] }
`);
    assert.equal(told.code, 1);
    assert.match(told.stdout, /service 'db' was not ready.*pg_isready.*(not found|no such)/);
  });

  it('is no question any more when the container ends before: it tells how', async () => {
    await using place = new ContainerPlace();
    const told = await place.exec(`version: 2.1
pipeline:
  - step: { name: db, ${busybox}, ports: ["0:8000"], commands: [echo no config >&2, exit 3], ready: {tcp: 8000} }
  - step: { name: test, image: continuo-test/busybox, commands: [echo never] }
`);
    assert.equal(told.code, 1);
    assert.match(told.stdout, /service 'db' ended with exit code 3 after .*, before it was ready/);
    assert.match(told.stdout, /no config/);
  });

  it('is no answer of the engine at a published port, where nobody listens in the container', async () => {
    await using place = new ContainerPlace();
    const told = await place.exec(`version: 2.1
pipeline:
  - step: { name: db, ${busybox}, ports: ["0:8000"], commands: [exec sleep 1000], ready: {tcp: 8000, timeout: 1s}, stop: {grace: 0} }
  - step: { name: test, image: continuo-test/busybox, commands: [echo never] }
`);
    assert.equal(told.code, 1);
    assert.match(
      told.stdout,
      /service 'db' was not ready .*last answer: connection refused\n {2}it listens on no port\n/,
    );
  });
});
