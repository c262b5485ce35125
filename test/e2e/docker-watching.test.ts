import assert from 'node:assert/strict';
import { it } from 'node:test';

import { ContainerPlace } from '../rig/container-place.ts';
import { docker, dockerSuite } from '../rig/docker.ts';

const busybox = 'image: continuo-test/busybox';
const service = `background: true, ${busybox}, commands-output: minimal`;
const endless = '[echo up, exec sleep 1000]';
/** Takes more and more memory. */
const greedy = '[echo more, "exec tail /dev/zero"]';

dockerSuite('a container that ends before its time', () => {
  it('is told of with its exit code and its last line, and the step that ran is cancelled', async () => {
    await using place = new ContainerPlace();
    const told = await place.exec(`version: 2.1
pipeline:
  - step: { name: db, ${service}, commands: [sleep 1, echo disk on fire >&2, exit 7] }
  - step: { name: test, ${busybox}, commands: [exec sleep 1000] }
  - step: { name: after, ${busybox}, commands: [echo never] }
`);
    assert.equal(told.code, 1);
    const ended = await place.last('service.ended', 'db');
    assert.ok(ended?.end.kind === 'died');
    assert.deepEqual(ended.end.exit, { kind: 'code', code: 7 });
    assert.deepEqual(await place.ends(), { db: 'died', test: 'cancelled', after: 'skipped' });
    assert.match(told.stdout, /service 'db' died with exit code 7 after .*, while step 'test' ran/);
    assert.match(told.stdout, /│ disk on fire/);
  });

  it('is out of memory when it wanted more than its limit, which is told', async () => {
    await using place = new ContainerPlace();
    const told = await place.exec(`version: 2.1
pipeline:
  - step: { name: step, ${busybox}, memory: 16m, commands: ${greedy}, continue-on-fail: true }
  - step: { name: child, ${busybox}, memory: 16m, commands: [tail /dev/zero], continue-on-fail: true }
  - step: { name: db, ${service}, memory: 16m, commands: ${greedy} }
  - step: { name: test, ${busybox}, commands: [exec sleep 1000] }
`);
    assert.equal(told.code, 1);
    const ended = await place.last('step.ended', 'step');
    assert.deepEqual(ended?.end, { kind: 'exited', exit: { kind: 'outOfMemory' } });
    const child = await place.last('step.ended', 'child');
    assert.deepEqual(child?.end, { kind: 'exited', exit: { kind: 'outOfMemory' } });
    assert.equal((await place.ends())['db'], 'out-of-memory');
    assert.match(told.stdout, /service 'db' was killed because memory ran out/);
    assert.match(told.stdout, /its `memory` is limited to 16/);
  });

  it('is said to have been ended by somebody else who had the engine kill or remove it', async () => {
    await using place = new ContainerPlace();
    const pipeline = `version: 2.1
pipeline:
  - step: { name: db, ${service}, commands: ${endless}, on-exit: ignore }
  - step: { name: test, ${busybox}, commands: ${endless} }
`;
    const end = async (task: string, how: 'kill' | 'remove'): Promise<string> => {
      const running = place.start(['exec', place.file('p.yaml', pipeline)]);
      await running.printed(/db +│ up/);
      await running.printed(/test +│ up/);
      const { Id } = (await place.container(task))!;
      const container = docker.getContainer(Id);
      await (how === 'kill' ? container.kill() : container.remove({ force: true }));
      if (task === 'db') {
        await running.printed(/db +[✗!] .*/);
        running.child.kill('SIGINT');
      }
      const { code, stdout } = await running.told;
      assert.equal(code, task === 'db' ? 130 : 1, stdout);
      return stdout;
    };
    const killed = 'ended by somebody else (signal KILL through the container engine)';
    assert.ok((await end('test', 'kill')).includes(`step 'test' was ${killed}`));
    assert.ok((await end('db', 'kill')).includes(killed));
    const removed = 'lost: its container was removed by somebody else';
    assert.ok((await end('test', 'remove')).includes(`step 'test' was ${removed}`));
    assert.ok((await end('db', 'remove')).includes(removed));
  });

  it('starts again under its name when it may, and steps reach the new one', async () => {
    await using place = new ContainerPlace();
    const told = await place.exec(`version: 2.1
pipeline:
  - step:
      name: db
      background: true
      image: continuo-test/busybox
      ports: ["0:8000"]
      commands:
        - echo start >> starts
        - if [ "$(wc -l < starts)" = 1 ]; then nc -ll -p 8000 -e echo first & while [ ! -e asked ]; do sleep 0.1; done; exit 3; fi
        - exec nc -ll -p 8000 -e echo second
      ready: {tcp: 8000}
      on-exit: {restart: 2, backoff: 100ms}
  - step: { name: first, ${busybox}, commands-output: minimal, commands: [nc db 8000, touch asked, 'while [ "$(wc -l < starts)" = 1 ]; do sleep 0.1; done'] }
  - step: { name: second, ${busybox}, commands-output: minimal, commands: [sleep 0.3, nc db 8000] }
  - step: { name: here, commands-output: minimal, commands: ['busybox nc $CONTINUO_DB_HOST $CONTINUO_DB_PORT'] }
`);
    assert.equal(told.code, 0, told.stdout);
    assert.equal(await place.output('first'), 'first\n');
    assert.equal(await place.output('second'), 'second\n');
    assert.equal(await place.output('here'), 'second\n');
    assert.match(told.stdout, /succeeded after .* although service 'db' was restarted/);
  });

  it("is nobody else's doing when its own command killed itself", async () => {
    await using place = new ContainerPlace();
    const told = await place.exec(`version: 2.1
pipeline:
  - step: { name: self, ${busybox}, commands: ['kill -9 $$'], continue-on-fail: true }
  - step: { name: term, ${busybox}, commands: ['kill -TERM $$'], continue-on-fail: true }
  - step: { name: code, ${busybox}, commands: ['exit 137'] }
`);
    assert.equal(told.code, 1);
    assert.doesNotMatch(told.stdout, /somebody else|memory/);
    assert.match(told.stdout, /step 'code' failed with exit code 137/);
  });
});

dockerSuite('stopping containers', () => {
  const polite = (name: string): string =>
    `- step: { name: ${name}, ${service}, commands: ["trap 'sleep 2; echo bye from ${name}; exit 0' TERM", echo up, 'while :; do sleep 0.1; done'], ready: {log: up} }`;

  it('goes on for all services together, and keeps what they say after TERM', async () => {
    await using place = new ContainerPlace();
    const told = await place.exec(`version: 2.1
pipeline:
  ${['a', 'b', 'c'].map(polite).join('\n  ')}
  - step: { name: test, ${busybox}, commands: [echo well] }
`);
    assert.equal(told.code, 0, told.stdout);
    assert.deepEqual(await place.ends(), {
      a: 'stopped',
      b: 'stopped',
      c: 'stopped',
      test: 'succeeded',
    });
    const names = ['a', 'b', 'c'];
    for (const name of names) assert.match(await place.output(name), /bye from .\n$/);
    const events = await place.events();
    // Not one had ended before the last was asked to.
    const stopping = events.filter(({ type }) => type === 'service.stopping');
    const ended = events.filter(({ type }) => type === 'service.ended');
    assert.equal(stopping.length, 3);
    assert.ok(
      Math.max(...stopping.map(({ seq }) => seq)) < Math.min(...ended.map(({ seq }) => seq)),
    );
    const took = Math.max(...ended.map(({ at }) => at)) - Math.min(...stopping.map(({ at }) => at));
    assert.ok(took >= 1_900, `${took} ms`);
    // One after the other would be three times that.
    assert.ok(took < 5_000, `${took} ms`);
  });

  it('takes no longer than a service needs, uses up its grace, or gives it none', async () => {
    await using place = new ContainerPlace();
    const told = await place.exec(`version: 2.1
pipeline:
  - step: { name: script, ${service}, commands: [echo up, sleep 1000], ready: {log: up}, stop: {grace: 50s} }
  - step: { name: deaf, ${service}, commands: ["trap '' TERM", echo up, 'while :; do sleep 0.1; done'], ready: {log: up}, stop: {grace: 500ms} }
  - step: { name: none, ${service}, commands: ["trap 'echo never' TERM", echo up, 'while :; do sleep 0.1; done'], ready: {log: up}, stop: {grace: 0} }
  - step: { name: other, ${service}, commands: ["trap 'echo got INT; exit' INT", echo up, 'while :; do sleep 0.1; done'], ready: {log: up}, stop: {signal: INT} }
  - step: { name: test, ${busybox}, commands: [echo well] }
`);
    assert.equal(told.code, 0, told.stdout);
    assert.deepEqual(await place.ends(), {
      script: 'stopped',
      deaf: 'killed-after-grace',
      none: 'stopped',
      other: 'stopped',
      test: 'succeeded',
    });
    const none = await place.last('service.ended', 'none');
    assert.deepEqual(none?.end, { kind: 'stopped', exit: { kind: 'signal', signal: 'KILL' } });
    assert.equal(await place.output('none'), 'up\n');
    assert.equal(await place.output('other'), 'up\ngot INT\n');
  });

  it('ends a step at its timeout, with all that it started', async () => {
    await using place = new ContainerPlace();
    const told = await place.exec(`version: 2.1
pipeline:
  - step: { name: slow, ${busybox}, commands: [sleep 1000 &, sleep 1000], timeout: 1s }
`);
    assert.equal(told.code, 1);
    assert.deepEqual(await place.ends(), { slow: 'timed-out' });
  });
});
