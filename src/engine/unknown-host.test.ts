import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeRun } from '../../test/rig/fake-run.ts';
import { FakeExecutor } from '../executor/fake/fake-executor.ts';
import { equal, group, service, step } from '../../test/rig/plans.ts';

import type { Command, Node, Probe } from '../plan/plan.ts';

const boxed: { readonly command: Command } = {
  command: {
    run: { kind: 'image' },
    environment: [],
    image: ['img:1'],
    container: { aliases: [['grp_web']] },
  },
};
const tcp: Probe = { kind: 'tcp', host: 'localhost', port: 80, timeoutMs: 30_000 };

/** What is told of the step `a` that has said this and failed. */
async function told(said: string, ...nodes: Node[]): Promise<readonly string[]> {
  const containers = new FakeExecutor();
  containers.addresses = {
    addressOf: (host, port) => ({ host, port }),
    addressOfHost: ({ port }) => ({ host: 'machine', port }),
    addressFromHost: (_, port) => ({ host: '172.18.0.2', port }),
  };
  const fake = await FakeRun.start(nodes, (run) => {
    run.executorFor = ({ image }) => (image ? containers : run.executor);
    for (const { id } of nodes) run.open(id);
  });
  await fake.clock.pass(20);
  const runs = containers.launched.find(({ spec }) => spec.name === 'a') ?? fake.executor.task('a');
  runs.print(said, 'stderr');
  runs.exit(1);
  await fake.clock.pass(500);
  fake.run.cancel('INT');
  await fake.run.ended;
  return fake.recorder.all('warning').map(({ text }) => text);
}

describe('001-71 a step that does not find a service by its name', () => {
  it('is told why, whatever its program says of an unknown host', async () => {
    for (const said of [
      "wget: bad address 'db:5432'",
      "nslookup: can't resolve 'db'",
      'curl: (6) Could not resolve host: db',
      'wget: unable to resolve host address ‘db’',
      'Error: getaddrinfo ENOTFOUND db',
      'psql: error: could not translate host name "db" to address: Name or service not known',
      "ERROR 2005 (HY000): Unknown MySQL server host 'db' (-2)",
      "ERROR 2005 (HY000): Unknown server host 'db' (-2)",
      'java.net.UnknownHostException: db: Name or service not known',
      'dial tcp: lookup db on 127.0.0.11:53: no such host',
      'Could not connect to Redis at db:6379: Name or service not known',
      'ping: db: Name or service not known',
    ])
      assert.deepEqual(
        await told(`${said}\n`, service('db', boxed), step('a')),
        [
          "nobody is found as 'db': service 'db' runs in a container, whose name only containers know; this machine reaches it at a port that it publishes",
        ],
        said,
      );
  });

  it('is told where its service is instead', async () => {
    const said = "wget: bad address 'grp-web'\n";
    const found = [
      [
        [service('web', { ready: [tcp], ...boxed }), step('a')],
        /only containers know; this machine reaches it at 172\.18\.0\.2:80$/,
      ],
      [[step('a', boxed), service('web', boxed)], /stands after the step, or beside it/],
      [
        [group('p', 'parallel', step('a', boxed), service('web', boxed))],
        /stands after the step, or beside it/,
      ],
      [[service('web', { ...boxed, when: equal('X', 'y') }), step('a', boxed)], /was skipped$/],
    ] as const;
    for (const [nodes, why] of found) {
      const [text, ...more] = await told(said, ...nodes);
      assert.match(text ?? '', why);
      assert.deepEqual(more, []);
    }
    const here = await told("wget: bad address 'web'\n", service('web'), step('a', boxed));
    assert.match(here[0] ?? '', /runs on this machine and not in a container; .* at machine$/);
  });

  it('is told nothing where nobody is called so, or one should have been found', async () => {
    for (const said of ["wget: bad address 'example.org'\n", 'connection refused by db\n'])
      assert.deepEqual(await told(said, service('db', boxed), step('a')), []);
    assert.deepEqual(
      await told("wget: bad address 'db'\n", service('db', boxed), step('a', boxed)),
      [],
    );
  });
});
