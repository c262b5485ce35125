import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeRun } from '../../test/rig/fake-run.ts';
import { FakeExecutor } from '../executor/fake/fake-executor.ts';
import { group, service, stageOf, step } from '../../test/rig/plans.ts';

import type { LaunchFailure } from '../executor/executor.ts';
import type { Command, Node, Probe, RunStep, Service } from '../plan/plan.ts';

const tcp = (port: number): Probe => ({ kind: 'tcp', host: 'localhost', port, timeoutMs: 30_000 });

const inContainer = (more: Partial<Command> = {}): { readonly command: Command } => ({
  command: { run: { kind: 'image' }, environment: [], image: ['img:1'], ...more },
});

/** Containers of a network of their own, beside the processes of this machine. */
function twoPlaces(fake: FakeRun): FakeExecutor {
  const containers = new FakeExecutor();
  const isThere = (name: string): boolean =>
    containers.launched.some(({ spec, runs }) => spec.name === name && runs);
  containers.addresses = {
    addressOf: (host, port) => ({ host, port }),
    addressOfHost: ({ port }) => ({ host: 'machine', port }),
    addressFromHost: (name, port) => (isThere(name) ? { host: `ip-of-${name}`, port } : undefined),
  };
  fake.executorFor = ({ image }) => (image ? containers : fake.executor);
  return containers;
}

/** Starts these, with all services answering, and lets the barriers pass. */
async function start(...nodes: Node[]): Promise<{ fake: FakeRun; containers: FakeExecutor }> {
  let containers!: FakeExecutor;
  const fake = await FakeRun.start(nodes, (run) => {
    containers = twoPlaces(run);
    for (const { id } of nodes) run.open(id);
  });
  await fake.clock.pass(20);
  return { fake, containers };
}

describe('the address of a service', () => {
  it('is what a person calls it, whatever its id is', async () => {
    const { fake, containers } = await start(
      service('main.db', { name: 'db', ready: [tcp(1)], ...inContainer() }),
      step('there', inContainer()),
    );
    assert.equal(containers.task('there').spec.environment['CONTINUO_DB_HOST'], 'db');
    assert.deepEqual(fake.recorder.all('service.address')[0]?.addresses, [
      { host: 'db', port: 1, from: 'container' },
      { host: 'ip-of-main.db', port: 1, from: 'host' },
    ]);
    assert.equal(containers.task('main.db').spec.container?.hostname, 'db');
  });

  it('is right for every pair of machine and container', async () => {
    const { fake, containers } = await start(
      service('near', { ready: [tcp(1)] }),
      service('boxed', { ready: [tcp(2)], ...inContainer() }),
      step('here'),
      step('there', inContainer()),
    );
    assert.deepEqual(fake.executor.task('here').spec.environment, {
      CONTINUO_NEAR_HOST: 'localhost',
      CONTINUO_NEAR_PORT: '1',
      CONTINUO_NEAR_PORT_1: '1',
      CONTINUO_BOXED_HOST: 'ip-of-boxed',
      CONTINUO_BOXED_PORT: '2',
      CONTINUO_BOXED_PORT_2: '2',
    });
    await fake.exit('here', 0);
    const { environment } = containers.task('there').spec;
    assert.deepEqual(environment, {
      CONTINUO_NEAR_HOST: 'machine',
      CONTINUO_NEAR_PORT: '1',
      CONTINUO_NEAR_PORT_1: '1',
      CONTINUO_BOXED_HOST: 'boxed',
      CONTINUO_BOXED_PORT: '2',
      CONTINUO_BOXED_PORT_2: '2',
    });
  });

  it('is told from each kind of place that the stage has, as soon as it runs', async () => {
    const { fake } = await start(
      service('near', { ready: [tcp(1)] }),
      service('boxed', { ready: [tcp(2)], ...inContainer() }),
      service('mute'),
      step('here'),
    );
    assert.deepEqual(
      fake.recorder.all('service.address').map(({ service, addresses }) => [service, addresses]),
      [
        [
          'near',
          [
            { host: 'localhost', port: 1, from: 'host' },
            { host: 'machine', port: 1, from: 'container' },
          ],
        ],
        [
          'boxed',
          [
            { host: 'boxed', port: 2, from: 'container' },
            { host: 'ip-of-boxed', port: 2, from: 'host' },
          ],
        ],
      ],
    );
  });

  it('says from where only when there are two places', async () => {
    const fake = await FakeRun.start([service('near', { ready: [tcp(1)] }), step('here')]);
    const [told] = fake.recorder.all('service.address');
    assert.deepEqual(told?.addresses, [{ host: 'localhost', port: 1 }]);
  });

  it('is also that of the ports that a container publishes', async () => {
    const { fake } = await start(
      service('boxed', inContainer({ container: { ports: [['8080:80'], ['53/udp']] } })),
      step('here'),
    );
    const { environment } = fake.executor.task('here').spec;
    assert.equal(environment['CONTINUO_BOXED_PORT'], '80');
    assert.equal(environment['CONTINUO_BOXED_PORT_53'], '53');
  });

  it('is of those before it and those it names, and of no others', async () => {
    const { fake } = await start(
      service('one', { ready: [tcp(1)] }),
      step('a'),
      service('two', { ready: [tcp(2)] }),
    );
    const hosts = Object.keys(fake.executor.task('a').spec.environment);
    assert.deepEqual(hosts, ['CONTINUO_ONE_HOST', 'CONTINUO_ONE_PORT', 'CONTINUO_ONE_PORT_1']);
  });
});

describe('a container', () => {
  it('is told which ports lead into it, and which of this machine it wants', async () => {
    const { containers } = await start(
      service('near', { ready: [tcp(1)] }),
      service('boxed', { ready: [tcp(2)], ...inContainer() }),
      step('there', { name: 'Over there', ...inContainer() }),
    );
    assert.deepEqual(containers.task('boxed').spec.container, {
      aliases: ['boxed'],
      ownPorts: [2],
      hostPorts: [1],
    });
    assert.deepEqual(containers.task('there').spec.container, {
      aliases: ['Over there'],
      hostPorts: [1],
    });
  });
});

describe('the names of a container', () => {
  it('are what its file calls it, and its aliases, each once', async () => {
    const aliases = [['group_db'], ['_other'], ['db']];
    const { containers } = await start(step('db', inContainer({ container: { aliases } })));
    const { container } = containers.task('db').spec;
    assert.deepEqual(container?.aliases, ['db', 'group_db', '_other']);
  });
});

describe('two services that run at the same time', () => {
  const calling = (id: string, ...aliases: string[]): Service =>
    service(id, inContainer({ container: { aliases: aliases.map((alias) => [alias]) } }));
  const warnings = async (...nodes: Node[]): Promise<readonly string[]> => {
    const { fake } = await start(...nodes);
    return fake.recorder.all('warning').map(({ about, text }) => `${about}: ${text}`);
  };

  it('are told apart where one is called as the other, whatever the letters', async () => {
    const told = "service 'one' is called 'My_DB' as well: who asks for that name reaches either";
    assert.deepEqual(await warnings(calling('one', 'My_DB'), calling('two', 'my-db'), step('a')), [
      `two: ${told}`,
    ]);
  });

  it('say nothing where they have names of their own', async () => {
    assert.deepEqual(await warnings(calling('one', 'a'), calling('two', 'b'), step('a')), []);
    assert.deepEqual(await warnings(service('one', { name: 'x' }), calling('x'), step('a')), []);
  });
});

describe('a launch that cannot be', () => {
  const failing = (nodes: readonly Node[], failure: LaunchFailure): Promise<FakeRun> =>
    FakeRun.start(nodes, ({ executor }) => {
      executor.refuse = ({ name }) => (name === 'bad' ? failure : undefined);
    });
  const missing = { kind: 'imageUnavailable', image: 'img:1', detail: 'no such tag' } as const;
  const environment = {
    kind: 'environment',
    task: 'bad',
    detail: 'image img:1 cannot be had: no such tag',
  };
  const steps = (more: Partial<RunStep>): RunStep[] => [step('bad', more), step('b')];
  const services = (more: Partial<Service>): Node[] => [service('bad', more), step('b')];

  it('for want of an image is the fault of the environment, and ends the run', async () => {
    for (const nodes of [steps({}), services({})]) {
      const fake = await failing(nodes, missing);
      await fake.clock.pass(200);
      assert.deepEqual((await fake.run.ended).cause, environment);
    }
  });

  it('for want of an image is told of the service as such', async () => {
    const fake = await failing(services({}), missing);
    await fake.run.ended;
    assert.deepEqual(fake.recorder.all('service.ended')[0]?.end, {
      kind: 'image',
      failure: missing,
    });
  });

  it('for want of an image holds nobody up who was told to go on', async () => {
    for (const nodes of [
      steps({ continueOnFail: true }),
      services({ onExit: { kind: 'ignore' } }),
    ]) {
      const fake = await failing(nodes, missing);
      await fake.exit('b', 0);
      assert.deepEqual(await fake.run.ended, { outcome: 'succeeded' });
    }
  });

  it('for want of a port of this machine is told as a port that is taken', async () => {
    const by = { pid: 7, command: 'nginx' };
    for (const who of [{}, { by }]) {
      const failure = { kind: 'portTaken', port: 80, ...who } as const;
      const fake = await failing(services({}), failure);
      const { cause } = await fake.run.ended;
      assert.deepEqual(cause?.kind === 'service' && cause.end, {
        kind: 'port-taken',
        port: 80,
        ...who,
      });
      const other = await failing(steps({}), failure);
      await other.clock.pass(200);
      const end = (await other.run.ended).cause;
      assert.deepEqual(end, { kind: 'step', step: 'bad', end: { kind: 'launch', failure } });
    }
  });

  it('because the machine could not ends the run, whatever the pipeline says about failures', async () => {
    const failure = { kind: 'environment', detail: 'no disk' } as const;
    for (const nodes of [
      steps({ continueOnFail: true }),
      services({ onExit: { kind: 'ignore' } }),
    ]) {
      const fake = await failing(nodes, failure);
      await fake.clock.pass(200);
      assert.deepEqual((await fake.run.ended).cause, { ...failure, task: 'bad' });
    }
  });

  it('because the machine could not is told of the first step that lacks something, once', async () => {
    const failure = { kind: 'environment', detail: 'no disk' } as const;
    const again = { kind: 'retry', times: 3, delaysMs: [0], then: { kind: 'fail' } } as const;
    const members = [step('bad', { onFailure: [{ action: again }] }), step('worse')];
    for (const failing of ['at-once', 'in-order'] as const) {
      const stage = stageOf('main', { failing }, group('g', 'parallel', ...members), step('b'));
      const fake = await FakeRun.startPlan({ name: 'test', stages: [stage] }, ({ executor }) => {
        executor.refuse = () => failure;
      });
      await fake.clock.pass(200);
      assert.deepEqual((await fake.run.ended).cause, { ...failure, task: 'bad' });
      assert.deepEqual(
        fake.recorder.all('step.ended').map(({ step, outcome, end }) => ({ step, outcome, end })),
        [
          { step: 'bad', outcome: 'failed', end: { kind: 'launch', failure } },
          { step: 'worse', outcome: 'cancelled', end: { kind: 'cancelled' } },
          { step: 'b', outcome: 'skipped', end: undefined },
        ],
      );
    }
  });
});
