import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { plainly, readSteps, serviceOf } from '../../../test/rig/harness.ts';
import { toSource } from '../common/source.ts';

const connectors = toSource(
  'connectors.yaml',
  `connectors:
  account.hub: { registry: "https://index.docker.io/v1/", username: me, password: <+secrets.getValue("account.hub_pw")> }
  org.ghcr: { registry: ghcr.io/acme, username: robot, password: plain }
  mirror: { registry: mirror.example.com:5000 }
`,
);

const withImage = (spec: string) =>
  readSteps(`- step: { identifier: db, name: db, type: Background, spec: { ${spec} } }`, {
    connectors,
  });

const imageOf = async (spec: string): Promise<string> =>
  plainly(serviceOf(await withImage(spec), 'db').command.image ?? []);

describe('where an image comes from', () => {
  it('001-16 is what its connector leads to, with its credentials', async () => {
    for (const [spec, image, registry] of [
      ['connectorRef: account.hub, image: redis', 'redis', 'docker.io'],
      ['connectorRef: org.ghcr, image: tool', 'ghcr.io/acme/tool', 'ghcr.io'],
      ['connectorRef: mirror, image: redis', 'mirror.example.com:5000/redis', undefined],
    ] as const) {
      const read = await withImage(spec);
      assert.equal(await imageOf(spec), image);
      assert.equal(read.plan?.registries?.[0]?.name, registry);
    }
    const { plan } = await withImage('connectorRef: account.hub, image: redis');
    assert.deepEqual(plan?.registries?.[0]?.credentials, {
      username: ['me'],
      password: [{ variable: 'hub_pw' }],
    });
  });

  it('001-16 is a warning where no connector of that name is there', async () => {
    const read = await withImage('connectorRef: acount.hub, image: redis');
    assert.match(read.told, /there is no connector `acount.hub`[^]*did you mean `account.hub`\?/);
  });

  it('is a warning where two connectors have credentials for one registry, of which the first are asked with', async () => {
    const both = (first: string, second: string) =>
      readSteps(
        ['a', 'b']
          .map((id, at) => {
            const connector = [first, second][at]!;
            return `- step: { identifier: ${id}, name: ${id}, type: Background, spec: { connectorRef: ${connector}, image: tool } }`;
          })
          .join('\n'),
        {
          connectors: toSource(
            'connectors.yaml',
            `connectors:
  one: { registry: ghcr.io/one, username: robot, password: first }
  two: { registry: ghcr.io/two, username: robot, password: second }
  same: { registry: ghcr.io/same, username: robot, password: first }
  open: { registry: ghcr.io/open }
`,
          ),
        },
      );
    const { told, plan } = await both('one', 'two');
    assert.match(
      told,
      /warning {2}step 'b': `ghcr\.io` is asked with the credentials of the connector that a step before it names/,
    );
    assert.deepEqual(plan?.registries?.[0]?.credentials?.password, ['first']);
    for (const other of ['same', 'open']) assert.equal((await both('one', other)).told, '');
  });

  it('001-17, 001-18 is a name with a tag or a digest, or neither', async () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    for (const image of ['redis', 'redis:7', `redis@${digest}`, 'localhost:5000/redis'])
      assert.equal(await imageOf(`image: "${image}"`), image);
  });

  it('001-19 is a part of Docker Hub, and never a pattern', async () => {
    assert.equal(
      await imageOf('connectorRef: account.hub, image: library/tomcat'),
      'library/tomcat',
    );
    assert.match(
      (await withImage('image: "library/*"')).told,
      /error {2}step 'db': `library\/\*` has a `\*`/,
    );
  });

  it('001-20, 001-21 is a whole name where its first part is a host, whatever the connector', async () => {
    for (const image of [
      '123456789.dkr.ecr.eu-west-1.amazonaws.com/todolist:0.2',
      'us.gcr.io/project/image:tag',
    ])
      assert.equal(await imageOf(`connectorRef: org.ghcr, image: "${image}"`), image);
  });

  it('001-52, 001-53, 001-54, 001-55 is asked for as its policy says', async () => {
    for (const [policy, pull] of [
      ['imagePullPolicy: Always', 'always'],
      ['imagePullPolicy: IfNotPresent', 'missing'],
      ['imagePullPolicy: Never', 'never'],
      ['', undefined],
    ] as const) {
      const read = await withImage(`image: redis, ${policy}`);
      assert.equal(serviceOf(read, 'db').command.container?.pull, pull);
    }
  });

  it('tells of mistakes in the file of connectors at their places there', async () => {
    const read = await readSteps(
      '- step: { identifier: db, name: db, type: Background, spec: { image: redis } }',
      { connectors: toSource('connectors.yaml', 'connectors:\n  hub: { registri: x }\n') },
    );
    assert.match(read.told, /connectors\.yaml:2:10 {2}error {2}unknown key `registri`/);
  });
});
