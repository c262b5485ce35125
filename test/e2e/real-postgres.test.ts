import assert from 'node:assert/strict';
import { copyFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { eventually } from '../rig/cli.ts';
import { freePort } from '../rig/ports.ts';
import { causeOf, endOf, freePorts, processesIn } from '../rig/real.ts';
import { openPlace, realSuites } from './real/where.ts';

import type { Place } from '../rig/cli.ts';
import type { Where } from './real/where.ts';

/** PostgreSQL refuses to run as root. */
const asRoot = process.getuid?.() === 0;
const user = asRoot ? '      user: postgres\n' : '';

interface Database {
  /** The folder that `initdb` makes. */
  readonly data: string;
  readonly hba: string;
  readonly listens: string;
  readonly port: number;
  readonly initdb: string;
  readonly postgres: string;
}

/** What a database in this place is made of, with the programs for it. */
async function databaseIn<Programs extends { initdb: string; postgres: string }>(
  place: Place,
  { listens }: Where,
  programs: Programs,
): Promise<Database & Programs> {
  const [port] = await freePorts();
  const hba = place.file('hba.conf', 'host all all all trust\n');
  return { data: join(place.dir, 'data'), hba, listens, port, ...programs };
}

const optionsOf = ({ hba, listens, port }: Database): string =>
  `-k "" -h "${listens}" -p ${port} -c hba_file=${hba}`;

/** A new database and its server, with further keys, and the steps after it. */
const withPostgres = (database: Database, keys: string, steps: string): string => `version: 2.1
pipeline:
  - step:
      name: initdb
${user}      commands:
        - ${database.initdb} --pgdata=${database.data} --username=postgres --auth=trust --no-sync
  - step:
      name: postgres
      background: true
${user}      commands:
        - exec ${database.postgres} -D ${database.data} ${optionsOf(database)}
      stop: {signal: INT}
${keys}
${steps}`;

const step = (name: string, ...commands: readonly string[]): string => `  - step:
      name: ${name}
      commands:
${commands.map((command) => `        - ${command}\n`).join('')}`;

const psql =
  'psql -h "$CONTINUO_POSTGRES_HOST" -p "$CONTINUO_POSTGRES_PORT" -U postgres -v ON_ERROR_STOP=1 -At';

const migration = step(
  'migration',
  `${psql} -c 'create table fruit (name text, pieces int)'`,
  `${psql} -c "insert into fruit values ('apple', 3), ('pear', 2)"`,
);

/** Ready once it answers a query: its port is open before that. */
const readyToAnswer = (port: number): string => `      ready:
        - tcp: ${port}
        - exec: [pg_isready, -h, localhost, -p, ${port}, -U, postgres, -q]`;

const names = ['initdb', 'postgres', 'psql', 'pg_isready', 'pg_ctl'] as const;

realSuites('postgres', names, (where, postgresTest) => {
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
      await using place = openPlace();
      const database = await databaseIn(place, where, programs);
      const { port } = database;
      const reach = `-h ${where.hostOf('postgres')} -p ${port}`;
      const sum = `psql ${reach} -U postgres -At -c 'select sum(pieces) from fruit'`;
      const told = await where.exec(
        place,
        withPostgres(
          database,
          probes(port),
          migration.replaceAll(/-h "\S+" -p "\S+"/g, reach) + step('query', sum),
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
    await using place = openPlace();
    const database = await databaseIn(place, where, programs);
    const apiPort = await freePort();
    const { port } = database;
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
    const told = await where.exec(
      place,
      withPostgres(
        database,
        readyToAnswer(port),
        migration +
          api +
          step('fetch', 'node fetch.mjs "http://$CONTINUO_API_HOST:$CONTINUO_API_PORT/"'),
      ),
    );
    assert.equal(told.code, 0, told.stdout + told.stderr);
    assert.match(await place.output('fetch'), /"name":"pear","pieces":2/);
    assert.match(await place.output('postgres'), /database system is shut down\n$/);
  });

  for (const [signal, hostOnly] of [
    ['INT', undefined],
    ['TERM', 'only its first process gets it, which waits for the client'],
  ] as const) {
    postgresTest(
      `with a client in a transaction ends on ${signal}, wholly`,
      async (programs) => {
        await using place = openPlace();
        const database = await databaseIn(place, where, programs);
        const { port } = database;
        // Stands beside the database instead of needing it, so that both are stopped together.
        const holder = `  - step:
      name: holder
      background: true
      stop: {signal: USR1, grace: 20s}
      commands:
        - trap '' USR1
        - until pg_isready -q -h ${where.hostOf('postgres')} -p ${port}; do sleep 0.02; done
        - ${psql} -c begin -c "select 'holding'" -c 'select pg_sleep(1000)' 2>&1 || true
      ready: {log: ^holding}
`;
        const running = where.start(
          place,
          withPostgres(
            database,
            readyToAnswer(port),
            holder + step('hold', 'until [ -e seen ]; do sleep 0.02; done'),
          ).replace('signal: INT', `signal: ${signal}`),
        );
        await running.printed(/hold +▸ started/);
        await eventually(
          () => processesIn(database.data).length >= 7,
          () => "not all of the postmaster, its helpers and the client's worker",
        );
        place.file('seen', '');
        const told = await running.told;
        assert.equal(told.code, 0, told.stdout + told.stderr);
        // Here INT reaches the worker, too, and cancels what it is doing.
        assert.match(await place.output('holder'), /terminating connection|canceling statement/);
        assert.equal((await endOf(place, 'holder')).kind, 'stopped');
        assert.match(await place.output('postgres'), /database system is shut down\n$/);
        assert.equal((await endOf(place, 'postgres')).kind, 'stopped');
        assert.deepEqual(processesIn(database.data), []);
      },
      hostOnly,
    );
  }

  postgresTest('is gone, workers and all, after KILL of Continuo', async (programs) => {
    await using place = openPlace();
    const database = await databaseIn(place, where, programs);
    const { port } = database;
    const yaml = withPostgres(database, readyToAnswer(port), step('hold', 'sleep 1000'));
    const running = where.start(place, yaml);
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
    await where.empty(place);
    assert.ok(statSync(join(database.data, 'PG_VERSION')).isFile(), 'the data is the user’s');
  });

  postgresTest('that pg_ctl starts in the background is told from one that stays', async (all) => {
    await using place = openPlace();
    const database = await databaseIn(place, where, all);
    const told = await where.exec(
      place,
      withPostgres(database, '      ready: {log: never said}', step('use', `${psql} -c 'select 1'`))
        .replace(`exec ${all.postgres} -D`, `${all.pg_ctl} start -D`)
        .replace(optionsOf(database), `-o '${optionsOf(database)}'`),
    );
    assert.equal(told.code, 1, told.stdout + told.stderr);
    const { end } = await causeOf(place, 'postgres');
    assert.ok(end.kind === 'exited-early');
    assert.deepEqual(processesIn(database.data), []);
    // In a container it ends with what started it, and nobody can tell what that was.
    if (where.kind === 'docker') return;
    const commands = end.leftBehind.map(({ command }) => command);
    assert.ok(
      commands.some((command) => command.includes(`-D ${database.data}`)),
      commands.join('\n'),
    );
    assert.match(told.stdout, /it left .*behind: run it in the foreground/);
  });

  postgresTest('that refuses its data is heard out', async (programs) => {
    await using place = openPlace();
    const database = await databaseIn(place, where, { ...programs, initdb: 'true' });
    const told = await where.exec(
      place,
      withPostgres(database, readyToAnswer(database.port), step('use', `${psql} -c 'select 1'`)),
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
