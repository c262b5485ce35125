import assert from 'node:assert/strict';
import { chmodSync, chownSync, copyFileSync, mkdirSync, statSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe } from 'node:test';

import { Place, eventually } from '../rig/cli.ts';
import { causeOf, endOf, freePorts, processesIn, realTests } from '../rig/real.ts';

const postgresTest = realTests('postgres', ['initdb', 'postgres', 'psql', 'pg_isready', 'pg_ctl']);

/** PostgreSQL refuses to run as root. */
const asRoot = process.getuid?.() === 0;
const user = asRoot ? '      user: postgres\n' : '';

/** A folder for a database in this place, that PostgreSQL's user gets at. */
function dataFolder(place: Place): string {
  const data = join(place.dir, 'data');
  mkdirSync(data);
  if (!asRoot) return data;
  chmodSync(place.dir, 0o711);
  const idOf = (flag: string): number =>
    Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  chownSync(data, idOf('-u'), idOf('-g'));
  return data;
}

interface Database {
  readonly data: string;
  readonly port: number;
  readonly initdb: string;
  readonly postgres: string;
}

/** A new database and its server, with further keys, and the steps after it. */
const withPostgres = (
  { data, port, initdb, postgres }: Database,
  keys: string,
  steps: string,
): string => `version: 2.1
pipeline:
  - step:
      name: initdb
${user}      commands:
        - ${initdb} --pgdata=${data} --username=postgres --auth=trust --no-sync
  - step:
      name: postgres
      background: true
${user}      commands:
        - exec ${postgres} -D ${data} -k "" -h localhost -p ${port}
      stop: {signal: INT}
${keys}
${steps}`;

const step = (name: string, ...commands: readonly string[]): string => `  - step:
      name: ${name}
      commands:
${commands.map((command) => `        - ${command}\n`).join('')}`;

const psql = 'psql -h localhost -p "$CONTINUO_POSTGRES_PORT" -U postgres -v ON_ERROR_STOP=1 -At';

const migration = step(
  'migration',
  `${psql} -c 'create table fruit (name text, pieces int)'`,
  `${psql} -c "insert into fruit values ('apple', 3), ('pear', 2)"`,
);

/** Ready once it answers a query: its port is open before that. */
const readyToAnswer = (port: number): string => `      ready:
        - tcp: ${port}
        - exec: [pg_isready, -h, localhost, -p, ${port}, -U, postgres, -q]`;

describe('a real PostgreSQL', () => {
  for (const [kind, probes] of [
    ['tcp and pg_isready', readyToAnswer],
    [
      'a query',
      (port: number) =>
        `      ready: {exec: "psql -h localhost -p ${port} -U postgres -c 'select 1'"}`,
    ],
    ['its log', () => '      ready: {log: database system is ready to accept connections$}'],
  ] as const) {
    postgresTest(`is ready by ${kind}, is used, and shuts down`, async (programs) => {
      await using place = new Place();
      const [port] = await freePorts();
      const database = { data: dataFolder(place), port, ...programs };
      const sum = `psql -h localhost -p ${port} -U postgres -At -c 'select sum(pieces) from fruit'`;
      const told = await place.exec(
        withPostgres(
          database,
          probes(port),
          migration.replaceAll('"$CONTINUO_POSTGRES_PORT"', `${port}`) + step('query', sum),
        ),
      );
      assert.equal(told.code, 0, told.stdout + told.stderr);
      assert.match(await place.output('query'), /^5\n/m);
      const said = await place.output('postgres');
      assert.match(said, /received fast shutdown request/);
      assert.match(said, /database system is shut down\n$/);
      assert.deepEqual(await endOf(place, 'postgres'), {
        kind: 'stopped',
        exit: { kind: 'code', code: 0 },
      });
      assert.deepEqual(processesIn(database.data), []);
    });
  }

  postgresTest('is migrated by a step and used by the service after it', async (programs) => {
    await using place = new Place();
    const [port, apiPort] = await freePorts();
    const database = { data: dataFolder(place), port, ...programs };
    copyFileSync(join(import.meta.dirname, 'real/fruit-api.js'), join(place.dir, 'fruit-api.mjs'));
    const api = `  - step:
      name: api
      background: true
      needs: [postgres]
      commands:
        - exec node fruit-api.mjs
      environment:
        - {name: PORT, value: ${apiPort}}
      ready:
        http: {url: "http://localhost:${apiPort}/", body: '"pear"'}
`;
    place.file('fetch.mjs', `console.log(await (await fetch(process.argv[2])).text());\n`);
    const told = await place.exec(
      withPostgres(
        database,
        readyToAnswer(port),
        migration + api + step('fetch', 'node fetch.mjs "http://localhost:$CONTINUO_API_PORT/"'),
      ),
    );
    assert.equal(told.code, 0, told.stdout + told.stderr);
    assert.match(await place.output('fetch'), /"name":"pear","pieces":2/);
    assert.match(await place.output('postgres'), /database system is shut down\n$/);
  });

  for (const signal of ['INT', 'TERM']) {
    postgresTest(`with a client in a transaction ends on ${signal}, wholly`, async (programs) => {
      await using place = new Place();
      const [port] = await freePorts();
      const database = { data: dataFolder(place), port, ...programs };
      // Stands beside the database instead of needing it, so that both are stopped together.
      const holder = `  - step:
      name: holder
      background: true
      stop: {signal: USR1, grace: 20s}
      commands:
        - trap '' USR1
        - until pg_isready -q -h localhost -p ${port}; do sleep 0.02; done
        - ${psql} -c begin -c "select 'holding'" -c 'select pg_sleep(1000)' 2>&1 || true
      ready: {log: ^holding}
`;
      const running = place.start([
        'exec',
        place.file(
          'pipeline.yaml',
          withPostgres(
            database,
            readyToAnswer(port),
            holder + step('hold', 'until [ -e seen ]; do sleep 0.02; done'),
          ).replace('signal: INT', `signal: ${signal}`),
        ),
      ]);
      await running.printed(/hold +▸ started/);
      await eventually(
        () => processesIn(database.data).length >= 7,
        () => "not all of the postmaster, its helpers and the client's worker",
      );
      place.file('seen', '');
      const told = await running.told;
      assert.equal(told.code, 0, told.stdout + told.stderr);
      // The signal reaches every process of the tree: INT cancels what a worker is doing.
      assert.match(await place.output('holder'), /terminating connection|canceling statement/);
      assert.equal((await endOf(place, 'holder')).kind, 'stopped');
      assert.match(await place.output('postgres'), /database system is shut down\n$/);
      assert.equal((await endOf(place, 'postgres')).kind, 'stopped');
      assert.deepEqual(processesIn(database.data), []);
    });
  }

  postgresTest('is gone, workers and all, after KILL of Continuo', async (programs) => {
    await using place = new Place();
    const [port] = await freePorts();
    const database = { data: dataFolder(place), port, ...programs };
    const yaml = withPostgres(database, readyToAnswer(port), step('hold', 'sleep 1000'));
    const running = place.start(['exec', place.file('pipeline.yaml', yaml)]);
    await running.printed(/hold +▸ started/);
    await eventually(
      () => processesIn(database.data).length >= 6,
      () => 'not all of the postmaster and its helpers',
    );
    running.child.kill('SIGKILL');
    await running.told;
    await eventually(
      () => processesIn(database.data).length === 0,
      () => 'workers are left',
    );
    await place.empty();
    assert.ok(statSync(join(database.data, 'PG_VERSION')).isFile(), 'the data is the user’s');
  });

  postgresTest('that pg_ctl starts in the background is told from one that stays', async (all) => {
    await using place = new Place();
    const [port] = await freePorts();
    const database = { data: dataFolder(place), port, ...all };
    const told = await place.exec(
      withPostgres(database, '      ready: {log: never said}', step('use', `${psql} -c 'select 1'`))
        .replace(`exec ${all.postgres} -D`, `${all.pg_ctl} start -D`)
        .replace(`-k "" -h localhost -p ${port}`, `-o '-k "" -h localhost -p ${port}'`),
    );
    assert.equal(told.code, 1, told.stdout + told.stderr);
    const { end } = await causeOf(place, 'postgres');
    assert.ok(end.kind === 'exited-early');
    const commands = end.leftBehind.map(({ command }) => command);
    assert.ok(
      commands.some((command) => command.includes(`-D ${database.data}`)),
      commands.join('\n'),
    );
    assert.match(told.stdout, /it left .*behind: run it in the foreground/);
    assert.deepEqual(processesIn(database.data), []);
  });

  postgresTest('that refuses its data is heard out', async (programs) => {
    await using place = new Place();
    const [port] = await freePorts();
    const database = { data: dataFolder(place), port, ...programs, initdb: 'true' };
    const told = await place.exec(
      withPostgres(database, readyToAnswer(port), step('use', `${psql} -c 'select 1'`)),
    );
    assert.equal(told.code, 1, told.stdout + told.stderr);
    const { end, lastLines } = await causeOf(place, 'postgres');
    assert.ok(end.kind === 'exited-early');
    assert.match(
      lastLines.join('\n'),
      /postgresql\.conf.*No such file|invalid data|data directory/,
    );
    assert.match(told.stdout, /✗ service 'postgres' ended with exit code \d after/);
  });
});
