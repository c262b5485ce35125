import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { plainly, readSteps, serviceOf, stepOf } from '../../../test/rig/harness.ts';
import { pod } from '../../../test/rig/harness-text.ts';
import { identifierOf } from './identify.ts';

import type { HarnessRead } from '../../../test/rig/harness.ts';

const aliasesOf = (read: HarnessRead, name: string): readonly string[] =>
  (serviceOf(read, name).command.container?.aliases ?? []).map(plainly);

const two = `
- stepGroup:
    identifier: one
    name: one
    steps: [{ step: { identifier: my_db, name: a, type: Background, spec: { image: redis } } }]
- stepGroup:
    identifier: two
    name: two
    steps:
      - step: { identifier: my_db, name: b, type: Background, spec: { image: redis } }
      - step: { identifier: web, name: c, type: Background, spec: { image: nginx } }
`;

describe('what a step is called', () => {
  it('001-9 shows its identifier, whatever its name is', async () => {
    const read = await readSteps(
      '- step: { identifier: db, name: The Data-Base 1.0, type: Background, spec: { image: redis } }',
    );
    assert.equal(serviceOf(read, 'db').name, 'db');
    assert.equal(read.told, '');
  });

  it('001-10 gets an identifier of its name where it has none', async () => {
    for (const [name, identifier] of [
      ['My web-svc', 'My_websvc'],
      ['  a  b ', 'a_b'],
      ['1st.step', '_1ststep'],
      ['web', 'web'],
    ] as const)
      assert.equal(identifierOf(name), identifier);
    const read = await readSteps('- step: { name: My web-svc, type: Run, spec: { command: x } }');
    assert.equal(stepOf(read, 'My_websvc').name, 'My_websvc');
    assert.match(read.told, /it is taken to be `My_websvc`/);
  });

  it('001-11 keeps its identifier when its name changes', async () => {
    const ids = await Promise.all(
      ['one', 'other'].map(async (name) => {
        const read = await readSteps(
          `- step: { identifier: db, name: ${name}, type: Background, spec: { image: redis } }`,
        );
        return serviceOf(read, 'db').id;
      }),
    );
    assert.deepEqual(ids, ['build.db', 'build.db']);
  });

  it('001-12 is found by its identifier, and with `-` for `_`, which every client takes', async () => {
    const read = await readSteps(
      '- step: { identifier: my_db, name: a, type: Background, spec: { image: redis } }',
    );
    assert.deepEqual(aliasesOf(read, 'my_db'), ['my-db']);
  });

  it('001-13 is found with its group before it, and by itself where it is the only one', async () => {
    const read = await readSteps(two);
    assert.deepEqual(aliasesOf(read, 'one_my_db'), ['one-my-db']);
    assert.deepEqual(aliasesOf(read, 'two_web'), ['web', 'two-web']);
  });

  it('001-14, 001-15 shares the loopback of its pod on Kubernetes', async () => {
    const read = await readSteps(
      '- step: { identifier: db, name: db, type: Background, spec: { connectorRef: hub, image: mysql } }',
      { runs: pod, podsAsContainers: true },
    );
    assert.equal(read.plan?.stages[0]?.sharesLoopback, true);
  });

  it('is found by the names that it asks for', async () => {
    const read = await readSteps(
      '- step: { identifier: db, name: db, type: Background, spec: { image: redis, networkAliases: [cache.local] } }',
    );
    assert.deepEqual(aliasesOf(read, 'db'), ['cache.local']);
  });

  it('has the number of its copy behind it', async () => {
    const read = await readSteps(
      '- step: { identifier: my_db, name: db, type: Background, strategy: { parallelism: 2 }, spec: { image: redis } }',
    );
    assert.deepEqual(aliasesOf(read, 'my_db_0'), ['my-db-0']);
    assert.deepEqual(aliasesOf(read, 'my_db_1'), ['my-db-1']);
  });

  it('has a bare name only where no copies of its group have it, too', async () => {
    const read = await readSteps(`
- stepGroup:
    identifier: round
    name: round
    strategy: { parallelism: 2 }
    steps: [{ step: { identifier: db, name: a, type: Background, spec: { image: redis } } }]
- stepGroup:
    identifier: once
    name: once
    strategy: { parallelism: 1 }
    steps: [{ step: { identifier: web, name: b, type: Background, spec: { image: nginx } } }]
`);
    assert.deepEqual(aliasesOf(read, 'round_0_db'), ['round-0-db']);
    assert.deepEqual(aliasesOf(read, 'round_1_db'), ['round-1-db']);
    assert.deepEqual(aliasesOf(read, 'once_0_web'), ['web', 'once-0-web']);
  });

  it('may be told apart, where Harness shows the copies, by what each is for', async () => {
    const read = await readSteps(
      '- step: { identifier: db, name: db, type: Background, strategy: { matrix: { tag: [a], nodeName: "db_<+matrix.tag>" } }, spec: { image: "redis:<+matrix.tag>" } }',
    );
    assert.equal(read.told, '');
    assert.deepEqual(serviceOf(read, 'db_0').command.image, ['redis:a']);
  });

  it('is needed by its identifier in the same copy of a group', async () => {
    const read = await readSteps(`
- stepGroup:
    identifier: round
    name: round
    strategy: { parallelism: 2 }
    steps:
      - step: { identifier: db, name: a, type: Background, spec: { image: redis } }
      - step: { identifier: api, name: b, type: Background, spec: { image: api, needs: db } }
      - stepGroup:
          identifier: inner
          name: inner
          steps: [{ step: { identifier: test, name: c, type: Run, spec: { command: x, needs: [db, round_0_api] } } }]
`);
    assert.equal(read.told, '');
    assert.deepEqual(serviceOf(read, 'round_1_api').needs, ['build.round_1_db']);
    assert.deepEqual(stepOf(read, 'round_1_inner_test').needs, [
      'build.round_1_db',
      'build.round_0_api',
    ]);
  });

  it('is needed by its identifier, the one of the same group before others', async () => {
    const read = await readSteps(`
- stepGroup:
    identifier: one
    name: one
    steps: [{ step: { identifier: db, name: a, type: Background, spec: { image: redis } } }]
- stepGroup:
    identifier: two
    name: two
    steps:
      - step: { identifier: db, name: b, type: Background, spec: { image: redis } }
      - step: { identifier: api, name: c, type: Background, spec: { image: api, needs: db } }
      - step: { identifier: test, name: d, type: Run, spec: { command: x, needs: [one_db, api] } }
`);
    assert.deepEqual(serviceOf(read, 'two_api').needs, ['build.two_db']);
    assert.deepEqual(stepOf(read, 'two_test').needs, ['build.one_db', 'build.two_api']);
  });
});
