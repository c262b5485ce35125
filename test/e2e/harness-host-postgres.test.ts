import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'node:test';

import { Place } from '../rig/cli.ts';
import { command, harnessRun, harnessStage, harnessStep } from '../rig/harness-stage.ts';
import { freePorts, processesIn, realTests } from '../rig/real.ts';

const test = realTests('postgres', ['initdb', 'postgres', 'psql', 'pg_isready', 'setpriv']);

/** PostgreSQL refuses to run as root. */
const asRoot = process.getuid?.() === 0;
const unlessRoot = ['--reuid=postgres', '--regid=postgres', '--clear-groups'];

describe('PostgreSQL as services of this machine in a Harness stage', () => {
  test('001-7, 001-30: two servers have a port each, one by PGPORT and one by its entrypoint', async (programs) => {
    await using place = new Place();
    const [port, other] = await freePorts();
    const as = asRoot ? [programs.setpriv, ...unlessRoot] : [];
    const words = (...more: readonly string[]): string => [...as, ...more].join(' ');
    const listens = ['-h', '127.0.0.1', '-k', ''];
    // Nobody but root has a way into its folder as it is made.
    chmodSync(place.dir, 0o755);
    const told = await place.exec(
      harnessStage(
        [
          harnessRun(
            'make',
            `for each in one two; do
  mkdir $each && chmod 777 $each
  ${words(programs.initdb, '--pgdata=$each/data', '--username=postgres', '--auth=trust', '--no-sync')} >&-
done`,
          ),
          harnessStep(
            'Background',
            'one',
            `shell: Bash
${command(`exec ${words(programs.postgres, '-D', 'one/data', '-h', '127.0.0.1', '-k', '""')}`)}
envVariables: { PGPORT: ${port} }
ready: { exec: ${programs.pg_isready} -q -h 127.0.0.1 -p ${port} }
stop: { signal: INT }`,
          ),
          harnessStep(
            'Background',
            'two',
            `entrypoint: ${JSON.stringify([...as, programs.postgres, '-D', 'two/data', ...listens, '-p', `${other}`])}
ready: { exec: ${programs.pg_isready} -q -h 127.0.0.1 -p ${other} }
stop: { signal: INT }`,
          ),
          harnessRun(
            'ask',
            `for port in ${port} ${other}; do
  ${programs.psql} -h 127.0.0.1 -p $port -U postgres -At -c "select current_setting('port')"
done`,
          ),
        ].join('\n'),
      ),
    );
    assert.equal(told.code, 0, told.stdout + told.stderr);
    assert.equal(await place.output('build.ask'), `${port}\n${other}\n`);
    for (const id of ['one', 'two']) {
      assert.match(await place.output(`build.${id}`), /database system is shut down\n$/);
      assert.deepEqual(processesIn(join(place.dir, id)), []);
    }
  });
});
