import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { nodeOf, readSteps, serviceOf, stepOf } from '../../../test/rig/harness.ts';
import { cloud, pod } from '../../../test/rig/harness-text.ts';

import type { Command } from '../../plan/plan.ts';

/** One Background step, `db`, with these settings, and a step after it. */
const background = (spec: string, more: Parameters<typeof readSteps>[1] = {}) =>
  readSteps(
    `
- step: { identifier: db, name: db, type: Background, spec: { ${spec} } }
- step: { identifier: go, name: go, type: Run, spec: { connectorRef: hub, image: busybox, command: "true" } }
`,
    more,
  );

const commandOf = async (
  spec: string,
  more: Parameters<typeof readSteps>[1] = {},
): Promise<Command> => serviceOf(await background(spec, more), 'db').command;

const vm = 'infrastructure: { type: VM, spec: { type: Pool, spec: { poolName: farm } } }';
const local = cloud.replace('Cloud', 'Docker');

describe('a Background step', () => {
  it('001-1, 002-1 is a service that lives until its stage ends, in a group and in parallel too', async () => {
    const read = await readSteps(`
- step: { identifier: a, name: a, type: Background, spec: { image: redis } }
- stepGroup: { identifier: g, name: g, steps: [{ step: { identifier: b, name: b, type: Background, spec: { image: redis } } }] }
- parallel: [{ step: { identifier: c, name: c, type: Background, spec: { image: redis } } }]
`);
    for (const name of ['a', 'g_b', 'c']) assert.equal(serviceOf(read, name).scope, 'stage');
  });

  it('001-2 may stand beside others', async () => {
    const read = await readSteps(`
- step: { identifier: a, name: a, type: Background, spec: { image: redis } }
- step: { identifier: b, name: b, type: Background, spec: { image: postgres } }
`);
    assert.equal(read.plan?.stages[0]?.root.members.length, 2);
    assert.equal(read.told, '');
  });

  it('001-3 holds nobody up unless it says how it gets ready', async () =>
    assert.deepEqual(serviceOf(await background('image: redis'), 'db').ready, []));

  it('001-5 has no failure strategies: they are warned of', async () => {
    const read = await readSteps(`
- step:
    identifier: db
    name: db
    type: Background
    failureStrategies: [{ onFailure: { errors: [AllErrors], action: { type: Ignore } } }]
    spec: { image: redis }
`);
    assert.ok(!('onFailure' in serviceOf(read, 'db')));
    assert.match(
      read.told,
      /warning {2}step 'db': `failureStrategies` is not for a Background step/,
    );
  });

  it('001-6 has no outputs: they are warned of, and whoever reads one gets nothing', async () => {
    const read = await readSteps(`
- step: { identifier: db, name: db, type: Background, spec: { image: redis, outputVariables: [{ name: X }] } }
- step: { identifier: go, name: go, type: Run, spec: { command: "echo <+steps.db.output.outputVariables.X>" } }
`);
    assert.match(read.told, /`outputVariables` is not for a Background step/);
    assert.match(read.told, /the Background step 'db' has no outputs/);
    assert.deepEqual(stepOf(read, 'go').command.run, {
      kind: 'script',
      shell: ['sh'],
      lines: ['echo null'],
      announce: 'minimal',
    });
  });

  it('001-7, 002-16 runs on this machine where registry and image are blank', async () => {
    for (const blank of ['', 'image: "", connectorRef: "",', 'image: "null",', 'image: null,'])
      assert.equal((await commandOf(`${blank} command: ./serve`)).image, undefined, blank);
  });

  it('001-23, 001-24, 001-25 may run on this machine wherever Harness has machines', async () => {
    for (const runs of [cloud, local, vm])
      assert.equal((await commandOf('command: ./serve', { runs })).image, undefined, runs);
  });

  it('001-22 needs both an image and a connector on Kubernetes', async () => {
    for (const [spec, missing] of [
      ['image: redis', 'connectorRef'],
      ['connectorRef: hub, command: ./serve', 'image'],
    ] as const) {
      const read = await background(spec, { runs: pod, podsAsContainers: true });
      assert.match(
        read.told,
        new RegExp(`step 'db': \`${missing}\` cannot be empty in a stage on Kub`),
      );
    }
  });

  it('001-26 may have an image without a connector: it is pulled without a name', async () => {
    const read = await background('image: redis');
    assert.deepEqual(serviceOf(read, 'db').command.image, ['redis']);
    assert.equal(read.plan?.registries, undefined);
  });

  it('001-68 has its limits told in their places: no failure strategies, no outputs, no port for the machine', async () => {
    const { plan, told } = await readSteps(`
- step:
    identifier: db
    name: db
    type: Background
    failureStrategies: [{ onFailure: { errors: [AllErrors], action: { type: Ignore } } }]
    spec: { image: redis, outputVariables: [{ name: X }] }
- step: { identifier: go, name: go, type: Run, spec: { command: "nc -z localhost:6379" } }
`);
    assert.ok(plan, told);
    assert.match(told, /p\.yaml:18:\d+ {2}warning {2}step 'db': `failureStrategies` is not for/);
    assert.match(told, /p\.yaml:19:\d+ {2}warning {2}step 'db': `outputVariables` is not for/);
    assert.match(told, /p\.yaml:20:\d+ {2}warning {2}step 'go': it asks for port 6379/);
  });

  it('001-73, 002-15 may say how it is found to be ready, which steps then wait for', async () => {
    const ready = 'ready: [{ tcp: 6379, timeout: 30s }, { exec: redis-cli ping }]';
    const read = await background(`image: redis, ${ready}`);
    const probes = serviceOf(read, 'db').ready;
    assert.deepEqual(
      probes.map(({ kind, timeoutMs }) => [kind, timeoutMs]),
      [
        ['tcp', 30_000],
        ['exec', probes[1]!.timeoutMs],
      ],
    );
    const { told } = await background('image: redis, ready: { tpc: 6379 }');
    assert.match(told, /did you mean `tcp`\?/);
  });

  it('002-5 may be an engine of its own: privileged, with folders that the steps share with it', async () => {
    const spec =
      'image: "docker:dind", privileged: true, entrypoint: [dockerd-entrypoint.sh, --mtu=1450]';
    const shared = 'sharedPaths: [/var/run, /var/lib/docker]';
    const read = await background(spec, { spec: shared });
    const { command } = serviceOf(read, 'db');
    assert.equal(command.container?.privileged, true);
    assert.deepEqual(command.run, {
      kind: 'argv',
      argv: [['dockerd-entrypoint.sh'], ['--mtu=1450']],
    });
    const targets = read.plan?.stages[0]?.around?.folders.map(({ target }) => target) ?? [];
    for (const path of ['/var/run', '/var/lib/docker']) assert.ok(targets.includes(path), path);
  });

  it('001-72 is green whatever becomes of it, unless it is asked for strictly', async () => {
    assert.deepEqual(serviceOf(await background('image: redis'), 'db').onExit, { kind: 'ignore' });
    const strict = await background('image: redis', { strict: true });
    assert.deepEqual(serviceOf(strict, 'db').onExit, { kind: 'fail' });
    const own = await background('image: redis, onExit: ignore', { strict: true });
    assert.deepEqual(serviceOf(own, 'db').onExit, { kind: 'ignore' });
  });

  it('002-2, 002-6, 002-9 runs a whole script: commands first, then what goes on', async () => {
    const { run } = await commandOf('image: cypress, command: "npm ci\\nnpm start"');
    assert.deepEqual(run.kind === 'script' && run.lines, ['npm ci\nnpm start']);
  });

  it('002-3, 002-14 may be written as a service dependency: all of them start before the first step, together', async () => {
    const spec = `
serviceDependencies:
  - { identifier: a, name: a, type: Service, spec: { image: redis, args: [--save, ""] } }
  - { identifier: b, name: b, type: Service, spec: { image: postgres } }
`;
    const go = '- step: { identifier: go, name: go, type: Run, spec: { command: "true" } }';
    const read = await readSteps(go, { spec });
    const [first] = read.plan?.stages[0]?.root.members ?? [];
    assert.ok(first?.kind === 'group' && first.order === 'parallel', read.told);
    assert.deepEqual(
      first.members.map(({ name, kind }) => [name, kind]),
      [
        ['a', 'service'],
        ['b', 'service'],
      ],
    );
    assert.deepEqual(serviceOf(read, 'a').command.run, {
      kind: 'image',
      arguments: [['--save'], []],
    });
  });

  it('002-10 stands anywhere: first, in the middle, last, in groups', async () => {
    const read = await readSteps(`
- step: { identifier: a, name: a, type: Run, spec: { command: "true" } }
- step: { identifier: b, name: b, type: Background, spec: { image: redis } }
- step: { identifier: c, name: c, type: Run, spec: { command: "true" } }
- step: { identifier: d, name: d, type: Background, spec: { image: redis } }
`);
    const kinds = read.plan?.stages[0]?.root.members.map(({ kind }) => kind);
    assert.deepEqual(kinds, ['run', 'service', 'run', 'service']);
  });

  it('is skipped by its condition, and then starts nothing', async () => {
    const read = await readSteps(`
- step: { identifier: db, name: db, type: Background, when: { stageStatus: Success, condition: "false" }, spec: { image: redis } }
`);
    assert.deepEqual(nodeOf(read, 'db').when, {
      kind: 'true',
      expression: { kind: 'value', value: false },
    });
  });
});
