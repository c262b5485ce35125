import assert from 'node:assert/strict';
import { it } from 'node:test';

import { runIds } from '../../src/journal/runs.ts';
import { ContainerPlace } from '../rig/container-place.ts';
import { docker, dockerSuite } from '../rig/docker.ts';
import { freePort } from '../rig/ports.ts';

const node = 'image: continuo-test/node, commands-shell: node';
const busybox = 'image: continuo-test/busybox';
const quiet = 'commands-output: minimal';

/** A script of Node that answers every connection with a word. */
const answers = (word: string, port: number, host = '0.0.0.0'): string =>
  `["require('net').createServer((c) => c.on('error', () => 0).end('${word}\\\\n')).listen(${port}, '${host}')"]`;

/** Asks a service by the variables that every step is given. */
const ask = (service: string): string =>
  `nc "$CONTINUO_${service}_HOST" "$CONTINUO_${service}_PORT" </dev/null`;
/** The same from this machine. */
const askHere = (service: string): string => `busybox ${ask(service)}`;

dockerSuite('a service', () => {
  it('is reached by its variables from containers and from this machine, wherever it runs', async () => {
    await using place = new ContainerPlace();
    const own = await freePort();
    const told = await place.exec(`version: 2.1
pipeline:
  - step: { name: inside, background: true, ${node}, commands: ${answers('from inside', 8000)}, ready: {tcp: 8000} }
  - step: { name: loop.back, background: true, commands-shell: ${process.execPath}, commands: ${answers('from here', own, '127.0.0.1')}, ready: {tcp: ${own}} }
  - steps:
      name: both
      parallel: true
      pipeline:
        - step: { name: container, ${busybox}, ${quiet}, commands: ['${ask('INSIDE')}', '${ask('LOOP_BACK')}', 'echo $CONTINUO_LOOP_BACK_HOST'] }
        - step: { name: machine, ${quiet}, commands: ['${askHere('INSIDE')}', '${askHere('LOOP_BACK')}', 'echo $CONTINUO_LOOP_BACK_HOST'] }
`);
    assert.equal(told.code, 0, told.stdout);
    assert.equal(await place.output('container'), 'from inside\nfrom here\nhost.docker.internal\n');
    assert.equal(await place.output('machine'), 'from inside\nfrom here\nlocalhost\n');
    const table = new RegExp(
      `loop\\.back .*reached at host\\.docker\\.internal:${own} from containers, localhost:${own} from the host`,
    );
    assert.match(told.stdout, table);
    assert.match(
      told.stdout,
      /inside .*reached at inside:8000 from containers, \S+:8000 from the host/,
    );
  });

  it('finds the services before it, too, from either place', async () => {
    await using place = new ContainerPlace();
    const own = await freePort();
    const passing = (to: string, port: number): string =>
      `["const { connect, createServer } = require('net'), env = process.env; process.on('uncaughtException', () => 0)", "createServer({ allowHalfOpen: true }, (c) => connect(env.CONTINUO_${to}_PORT, env.CONTINUO_${to}_HOST).pipe(c)).listen(${port})"]`;
    const told = await place.exec(`version: 2.1
pipeline:
  - step: { name: first, background: true, ${node}, commands: ${answers('from the first', 8000)}, ready: {tcp: 8000} }
  - step: { name: second, background: true, needs: first, commands-shell: ${process.execPath}, commands: ${passing('FIRST', own)}, ready: {tcp: ${own}} }
  - step: { name: third, background: true, needs: second, ${node}, commands: ${passing('SECOND', 8000)}, ready: {tcp: 8000} }
  - step: { name: test, ${quiet}, commands: ['${askHere('THIRD')}'] }
`);
    assert.equal(told.code, 0, told.stdout);
    assert.equal(await place.output('test'), 'from the first\n');
  });

  it('is reached at the port of this machine that it asked for, or was given', async () => {
    await using place = new ContainerPlace();
    const outside = await freePort();
    const told = await place.exec(`version: 2.1
pipeline:
  - step: { name: fixed, background: true, ${node}, ports: ["${outside}:8000"], commands: ${answers('fixed', 8000)}, ready: {tcp: 8000} }
  - step: { name: free, background: true, ${node}, ports: ["0:8000"], commands: ${answers('free', 8000)}, ready: {tcp: 8000} }
  - step: { name: machine, ${quiet}, commands: ['echo $CONTINUO_FIXED_PORT $CONTINUO_FREE_PORT_8000', 'busybox nc localhost $CONTINUO_FIXED_PORT </dev/null', 'busybox nc localhost $CONTINUO_FREE_PORT </dev/null'] }
  - step: { name: container, ${busybox}, ${quiet}, commands: ['echo $CONTINUO_FIXED_PORT $CONTINUO_FREE_PORT', '${ask('FREE')}'] }
`);
    assert.equal(told.code, 0, told.stdout);
    const [, given] =
      /^(\d+)\nfixed\nfree\n$/.exec((await place.output('machine')).replace(`${outside} `, '')) ??
      [];
    assert.ok(Number(given) > 0, await place.output('machine'));
    assert.equal(await place.output('container'), '8000 8000\nfree\n');
    assert.match(
      told.stdout,
      new RegExp(`free .*free:8000 from containers, localhost:${given} from the host`),
    );
    assert.match(told.stdout, new RegExp(`fixed .*localhost:${outside} from the host`));
  });

  it('answers to its name, a form of it with dashes, and its hostname', async () => {
    await using place = new ContainerPlace();
    const told = await place.exec(`version: 2.1
pipeline:
  - step: { name: A_b.c, background: true, ${node}, hostname: db.local, commands: ${answers('it is me', 8000)}, ready: {tcp: 8000} }
  - step:
      name: ask
      ${busybox}
      ${quiet}
      commands:
        - for name in A_b.c A-b.c db.local "$CONTINUO_A_B_C_HOST"; do echo "$name"; nc "$name" 8000 </dev/null; done
`);
    assert.equal(told.code, 0, told.stdout);
    const names = ['A_b.c', 'A-b.c', 'db.local', 'A-b.c'];
    assert.equal(await place.output('ask'), names.map((name) => `${name}\nit is me\n`).join(''));
  });

  it('is found on the network that DOCKER_NETWORK names, which is left as it is', async () => {
    await using place = new ContainerPlace();
    const Name = `continuo-test-${place.mark}`;
    const network = await docker.createNetwork({ Name });
    try {
      const told = await place.exec(
        `version: 2.1
pipeline:
  - step: { name: db, background: true, ${node}, commands: ${answers('on it', 8000)}, ready: {tcp: 8000} }
  - step: { name: container, ${busybox}, ${quiet}, commands: ['${ask('DB')}'] }
  - step: { name: machine, ${quiet}, commands: ['${askHere('DB')}'] }
`,
        [],
        { DOCKER_NETWORK: Name },
      );
      assert.equal(told.code, 0, told.stdout);
      assert.equal(await place.output('container'), 'on it\n');
      assert.equal(await place.output('machine'), 'on it\n');
      const { Containers } = (await network.inspect()) as { Containers: object };
      assert.deepEqual(Containers, {});
    } finally {
      await network.remove();
    }
  });

  it('shares the network of this machine where DOCKER_NETWORK is host', async () => {
    await using place = new ContainerPlace();
    const [inside, own] = [await freePort(), await freePort()];
    const told = await place.exec(
      `version: 2.1
pipeline:
  - step: { name: db, background: true, ${node}, commands: ${answers('inside', inside, '127.0.0.1')}, ready: {tcp: ${inside}} }
  - step: { name: here, background: true, commands-shell: ${process.execPath}, commands: ${answers('here', own, '127.0.0.1')}, ready: {tcp: ${own}} }
  - step: { name: container, ${busybox}, ${quiet}, commands: ['${ask('DB')}', '${ask('HERE')}', 'echo $CONTINUO_HERE_HOST'] }
  - step: { name: machine, ${quiet}, commands: ['${askHere('DB')}'] }
`,
      [],
      { DOCKER_NETWORK: 'host' },
    );
    assert.equal(told.code, 0, told.stdout);
    assert.equal(await place.output('container'), 'inside\nhere\nlocalhost\n');
    assert.equal(await place.output('machine'), 'inside\n');
  });

  it('cannot be had on a network that is not there, which is told alone', async () => {
    await using place = new ContainerPlace();
    const told = await place.exec(
      `version: 2.1
pipeline:
  - step: { name: a, ${busybox}, commands: [echo never] }
`,
      [],
      { DOCKER_NETWORK: 'no-such-network' },
    );
    assert.equal(told.code, 3);
    assert.equal(told.stdout, '');
    const sentence = `the network 'no-such-network' of DOCKER_NETWORK cannot be used: there is none of that name`;
    assert.equal(told.stderr, `continuo: error: ${sentence}\n`);
    assert.deepEqual(await runIds(place.stateDir), []);
  });

  it('is on a network that a file before it makes', async () => {
    await using place = new ContainerPlace();
    const Name = `continuo-test-${place.mark}`;
    place.file(
      'one.yaml',
      `version: 2.1\npipeline: [{step: {name: up, ${quiet}, commands: [echo begun, until test -e made; do sleep 0.05; done]}}]\n`,
    );
    place.file(
      'two.yaml',
      `version: 2.1\npipeline: [{step: {name: a, ${busybox}, ${quiet}, commands: [echo there]}}]\n`,
    );
    const run = place.start(['exec', '-y', 'one.yaml', '-y', 'two.yaml'], { DOCKER_NETWORK: Name });
    await run.printed(/^up +│ begun$/m);
    const network = await docker.createNetwork({ Name });
    place.file('made', '');
    try {
      const told = await run.told;
      assert.equal(told.code, 0, told.stderr);
      assert.equal(await place.output('a'), 'there\n');
    } finally {
      await network.remove();
    }
  });
});
