import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';

import { ContainerPlace } from '../rig/container-place.ts';
import { dockerSuite } from '../rig/docker.ts';
import {
  harnessGroup,
  harnessParallel,
  harnessRun,
  harnessStage,
  harnessStep,
  inImage,
  inPod,
} from '../rig/harness-stage.ts';
import { freePorts, realTests } from '../rig/real.ts';

const postgres = inImage('postgres');
/** Who a database runs as may look into its workspace. */
function openPlace(): ContainerPlace {
  const place = new ContainerPlace();
  chmodSync(place.dir, 0o755);
  return place;
}

const limits = 'resources: { limits: { memory: 512Mi, cpu: "1" } }';

const query = (where: string, text: string): string =>
  `psql ${where} -U postgres -v ON_ERROR_STOP=1 -At -c "${text}"`;

dockerSuite('databases of a Harness stage in containers', () => {
  const podTest = realTests('postgres', []);
  const redisTest = realTests('redis', ['redis-cli']);

  podTest(
    '001-15, 001-33, 001-61, 002-5: two PostgreSQL servers share the loopback of a pod, one at another port by its entrypoint, one by PGPORT',
    async () => {
      await using place = openPlace();
      const told = await place.exec(
        harnessStage(
          [
            harnessParallel(
              harnessGroup(
                'first',
                harnessStep(
                  'Background',
                  'pg',
                  `${postgres}
entrypoint: [sh, /postgres.sh, postgres, -p, "5433"]
${limits}
ready: { exec: [pg_isready, -h, 127.0.0.1, -p, "5433", -q] }`,
                ),
                harnessRun('fill', query('-h 127.0.0.1 -p 5433', 'create table one ()'), postgres),
              ),
              harnessGroup(
                'second',
                harnessStep(
                  'Background',
                  'pg',
                  `${postgres}
envVariables: { PGPORT: 5434, PGDATA: /store/data }
${limits}
ready: { tcp: 5434 }`,
                ),
                harnessRun('fill', query('-h localhost -p 5434', 'create table two ()'), postgres),
              ),
            ),
            harnessRun(
              'both',
              `${query('-h 127.0.0.1 -p 5433', 'select tablename from pg_tables where schemaname = current_schema')}
${query('-h second_pg -p 5434', 'select tablename from pg_tables where schemaname = current_schema')}
ls -d /store/data`,
              postgres,
            ),
          ].join('\n'),
          { runs: inPod, spec: 'sharedPaths: [/store]' },
        ),
        ['--executor', 'docker'],
      );
      assert.equal(told.code, 0, told.stdout + told.stderr);
      assert.equal(await place.output('build.both'), 'one\ntwo\n/store/data\n');
      for (const id of ['build.first_pg', 'build.second_pg'])
        assert.match(await place.output(id), /database system is shut down\n$/);
    },
  );

  podTest(
    '002-4: two PostgreSQL servers have a network and an address each outside of pods',
    async () => {
      await using place = openPlace();
      const [port, other] = await freePorts();
      const server = (id: string, outside: number): string =>
        harnessStep(
          'Background',
          id,
          `${postgres}
portBindings: { "${outside}": 5432 }
ready: { exec: [pg_isready, -h, 127.0.0.1, -q] }`,
        );
      const told = await place.exec(
        harnessStage(
          [
            server('one', port),
            server('two', other),
            harnessRun('inside', query('-h one', 'create table fruit ()'), postgres),
            harnessRun(
              'outside',
              `psql() { command psql -h localhost -U postgres -At "$@"; }
psql -p ${port} -c "select count(*) from pg_tables where tablename = 'fruit'"
psql -p ${other} -c "select count(*) from pg_tables where tablename = 'fruit'"`,
            ),
          ].join('\n'),
        ),
      );
      assert.equal(told.code, 0, told.stdout + told.stderr);
      assert.equal(await place.output('build.outside'), '1\n0\n');
    },
  );

  redisTest(
    '001-60, 002-4: a Redis is used by a step of this machine and by one in a container',
    async ({ 'redis-cli': redisCli }) => {
      await using place = openPlace();
      const [port] = await freePorts();
      const told = await place.exec(
        harnessStage(
          [
            harnessStep(
              'Background',
              'redis',
              `${inImage('redis')}
portBindings: { "${port}": "6379" }
ready: { exec: [redis-cli, ping] }`,
            ),
            harnessRun('write', `${redisCli} -h localhost -p ${port} set fruit apple`),
            harnessRun('read', 'redis-cli -h redis get fruit', inImage('redis')),
          ].join('\n'),
        ),
      );
      assert.equal(told.code, 0, told.stdout + told.stderr);
      assert.equal(await place.output('build.read'), 'apple\n');
      assert.match(await place.output('build.redis'), /bye bye/);
    },
  );
});
