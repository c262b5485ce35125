import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';

import { docker, missing } from '../rig/docker.ts';
import { ContainerPlace } from '../rig/container-place.ts';
import { exercised } from '../rig/exercised.ts';
import { freePort } from '../rig/ports.ts';
import { PrivatePodman, podmanMissing } from '../rig/private-podman.ts';
import { containerMemoryContract } from './container-memory.ts';
import { containerNetworkContract } from './container-network.ts';
import { dockerSubject } from './docker-subject.ts';
import { executorContract } from './executor-contract.ts';
import { keptOutputContract } from './kept-output.ts';

/** Set where this file is run a second time, beside the containers of a Podman of its own. */
const isInside = process.env['CONTINUO_TEST_PODMAN'] !== undefined;
const lacking = isInside ? undefined : (podmanMissing() ?? missing);

if (isInside) {
  describe('Podman', () => {
    before(() => exercised('podman'));
    executorContract('podman', () => dockerSubject(process.env));
    // Podman 4.3 does not tell of it where control groups are of version 1: the kernel does.
    containerMemoryContract(() => dockerSubject(process.env));
    containerNetworkContract(() => dockerSubject(process.env));
    keptOutputContract();
    pipelines();
  });
} else if (lacking === undefined) {
  await using podman = await PrivatePodman.start(docker, ['node', 'busybox']);
  const words = [process.execPath, ...process.execArgv, import.meta.filename];
  process.exitCode = await podman.run(words, { CONTINUO_TEST_PODMAN: 'inside' });
} else {
  const why = `podman was not exercised: ${lacking}`;
  void it('the contract holds on Podman', { skip: process.env['CI'] === undefined && why }, () =>
    assert.fail(why),
  );
}

function pipelines(): void {
  it('leads every step to every service, on this machine and in a container', async () => {
    await using place = new ContainerPlace();
    const port = await freePort();
    place.file(
      'serve.mjs',
      `import { createServer } from 'node:http';
createServer((_, response) => response.end('from here')).listen(${port}, '127.0.0.1');
`,
    );
    place.file('page.txt', 'from there');
    const use = (name: string, image: string): string => `  - step:
      name: ${name}
${image}      commands:
        - node get.mjs $CONTINUO_HERE_HOST:$CONTINUO_HERE_PORT $CONTINUO_THERE_HOST:$CONTINUO_THERE_PORT
`;
    place.file(
      'get.mjs',
      `for (const address of process.argv.slice(2))
  console.log(await (await fetch('http://' + address + '/page.txt')).text());
`,
    );
    const image = '      image: continuo-test/node\n';
    const told = await place.exec(`version: 2.1
pipeline:
  - step:
      name: here
      background: true
      commands: [exec node serve.mjs]
      ready: {tcp: ${port}}
  - step:
      name: there
      background: true
${image}      commands: [exec httpd -f -p 8080]
      ready: [{http: "http://localhost:8080/page.txt"}, {exec: test -e page.txt}]
${use('from-here', '')}${use('from-there', image)}`);
    assert.equal(told.code, 0, told.stdout + told.stderr);
    for (const name of ['from-here', 'from-there'])
      assert.match(await place.output(name), /^from here\nfrom there\n/m);
  });

  it('tells what somebody else does to a container', async () => {
    await using place = new ContainerPlace();
    const service = (name: string): string => `  - step:
      name: ${name}
      image: continuo-test/busybox
      background: true
      on-exit: ignore
      commands: [echo up, exec sleep 1000]
      ready: {log: ^up}
`;
    const running = place.start([
      'exec',
      place.file(
        'pipeline.yaml',
        `version: 2.1
pipeline:
${service('killed')}${service('removed')}  - step:
      name: wait
      image: continuo-test/busybox
      commands: ["until [ -e done ]; do sleep 0.05; done"]
`,
      ),
    ]);
    await running.printed(/wait +▸ started/);
    const id = async (task: string): Promise<string> => (await place.container(task))!.Id;
    await docker.getContainer(await id('killed')).kill({ signal: 'SIGKILL' });
    await docker.getContainer(await id('removed')).remove({ force: true });
    for (const name of ['killed', 'removed'])
      await running.printed(new RegExp(`^${name} +! (?!.*up$)`, 'm'));
    place.file('done', '');
    const told = await running.told;
    assert.equal(told.code, 0, told.stdout + told.stderr);
    const ends = (await place.events()).filter((event) => event.type === 'service.ended');
    const [killed, removed] = ['killed', 'removed'].map(
      (name) => ends.find(({ service }) => service === name)?.end,
    );
    assert.ok(killed?.kind === 'died');
    assert.deepEqual(killed.exit, { kind: 'signal', signal: 'KILL', by: 'engine' });
    assert.equal(removed?.kind, 'lost');
  });
}
