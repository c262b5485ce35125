import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeRun } from '../../test/rig/fake-run.ts';
import { settle } from '../../test/rig/hand-clock.ts';
import { assertInvariants } from '../../test/rig/invariants.ts';
import { command, service, step } from '../../test/rig/plans.ts';
import { noTests } from '../event/tests.ts';

import type { ReportsAsked, TestFile } from '../event/tests.ts';
import type { Command, Node } from '../plan/plan.ts';

const reports = ['*.xml'];
const file: TestFile = { file: 'a.xml', counts: { ...noTests, passed: 1 }, cases: [] };

const never = service('db', {
  ready: [{ kind: 'tcp', host: 'localhost', port: 1, timeoutMs: 60_000 }],
});

class Reports {
  readonly asked: ReportsAsked[] = [];
  /** Reading waits for it. */
  gate: Promise<unknown> = Promise.resolve();

  start(...nodes: Node[]): Promise<FakeRun> {
    return FakeRun.start(nodes, (fake) => {
      fake.readReports = async (asked) => {
        this.asked.push(asked);
        await this.gate;
        return { files: [file], warnings: ['odd'] };
      };
    });
  }
}

describe('the reports of tests', () => {
  it('of a step are read when its process has ended, however that was', async () => {
    const read = new Reports();
    const fake = await read.start(step('unit', { reports, continueOnFail: true }), step('next'));
    const began = fake.clock.now();
    await fake.clock.pass(500);
    assert.equal(read.asked.length, 0);
    await fake.exit('unit', 1);
    await fake.exit('next', 0);
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    assert.equal(read.asked.length, 1);
    const { task, patterns, sinceMs } = read.asked[0]!;
    assert.deepEqual([task, patterns, sinceMs], ['unit', reports, began]);
    const [told] = fake.recorder.all('tests.read');
    assert.deepEqual([told?.task, told?.file, told?.counts.passed], ['unit', 'a.xml', 1]);
    assert.deepEqual(
      fake.recorder.all('warning').map(({ about, text }) => [about, text]),
      [['unit', 'odd']],
    );
    assert.ok(fake.story.indexOf('tests.read') < fake.story.indexOf('step.ended unit ignored'));
    assertInvariants(fake.recorder.events);
  });

  it('of a service are read after its end and before the run goes on from it', async () => {
    const read = new Reports();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    read.gate = promise;
    const fake = await read.start(service('api', { reports }), step('test'));
    assert.equal(read.asked.length, 0);
    await fake.exit('test', 0);
    assert.equal(fake.story.at(-1), 'service.ended api stopped');
    assert.equal(read.asked[0]?.task, 'api');
    assert.equal(fake.executor.closed, 0);
    resolve(undefined);
    await settle();
    assert.equal((await fake.run.ended).outcome, 'succeeded');
    assert.deepEqual(fake.story.slice(-5), [
      'service.ended api stopped',
      'tests.read',
      'warning',
      'stage.ended',
      'run.ended succeeded',
    ]);
    assertInvariants(fake.recorder.events);
  });

  it('of a service that never ran are none', async () => {
    const read = new Reports();
    const fake = await read.start(service('api', { reports, needs: ['db'] }), never, step('x'));
    fake.run.cancel('INT');
    await fake.run.ended;
    assert.equal(read.asked.length, 0);
  });

  it('are not waited for when all is to end at once', async () => {
    const read = new Reports();
    const fake = await read.start(step('unit', { reports }));
    fake.run.cancel('INT');
    fake.run.cancel('INT');
    await settle();
    await fake.run.ended;
    assert.equal(read.asked.length, 0);
  });

  it('of a step that was cancelled are read without a word about those that are missing', async () => {
    const read = new Reports();
    const fake = await read.start(step('unit', { reports }));
    fake.run.cancel('INT');
    await fake.run.ended;
    assert.equal(fake.recorder.all('tests.read').length, 1);
    assert.deepEqual(fake.recorder.all('warning'), []);
  });

  it('of a container are those of the workspace, by whatever path', async () => {
    const read = new Reports();
    const inContainer: Command = {
      ...command('test'),
      image: ['node'],
      container: { mountPoint: '/harness' },
    };
    const paths = ['out/*.xml', '/harness/a/*.xml', '/tmp/*.xml', '~/x.xml', '/harness/../y.xml'];
    const fake = await read.start(step('unit', { command: inContainer, reports: paths }));
    await fake.exit('unit', 0);
    await fake.run.ended;
    assert.deepEqual(read.asked[0]?.patterns, ['out/*.xml', 'a/*.xml']);
    assert.deepEqual(
      fake.recorder
        .all('warning')
        .map(({ text }) => /^'(.*?)' of its reports is lost/.exec(text)?.[1]),
      ['/tmp/*.xml', '~/x.xml', '/harness/../y.xml', undefined],
    );
  });
});
