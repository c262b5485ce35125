import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { runIds } from '../../src/journal/runs.ts';
import { runFolder } from '../../src/journal/state-dir.ts';
import { Place, processesWith } from '../rig/cli.ts';
import { assertInvariants } from '../rig/invariants.ts';
import { Terminal, keys } from '../rig/terminal.ts';

// eslint-disable-next-line no-control-regex -- The colours, and what the terminal makes of newlines.
const ornaments = /\x1b\[[\d;]*m|\r/g;

/** A service, and three steps that each say who they are. */
const steps = (mark: string, second = 'echo second'): string => `version: 2.1
pipeline:
  - step:
      name: db
      background: true
      commands-output: minimal
      commands:
        - |
          echo up
          exec sh -c 'sleep 1000; true' ${mark}
      ready: {log: ^up}
      stop: {grace: 1s}
  - step: {name: first, commands-output: minimal, commands: [echo first]}
  - step: {name: second, commands-output: minimal, commands: ['${second}']}
  - step: {name: third, commands-output: minimal, commands: [echo third]}
`;

const start = (place: Place, yaml: string, ...args: string[]) =>
  place.start(['exec', '--format', 'plain', ...args, place.file('pipeline.yaml', yaml)]);

const socketOf = async (place: Place): Promise<string> => {
  const [run] = await runIds(place.stateDir);
  return join(runFolder(place.stateDir, run!), 'control.sock');
};

describe('a run in phases', { skip: process.platform !== 'linux' }, () => {
  it('stops before a step, goes on by one and to a step, from another process', async () => {
    await using place = new Place();
    const run = start(place, steps(place.mark), '--break', 'first');
    await run.printed(/paused before 'first'; go on with `continuo resume/);
    const next = await place.continuo(['resume', '--next']);
    assert.equal(next.code, 0, next.stderr);
    assert.match(next.stdout, /^run [\w-]+ goes on\n$/);
    await run.printed(/paused before 'second'/);
    assert.equal(statSync(await socketOf(place)).mode & 0o777, 0o600);
    const wrong = await place.continuo(['resume', '--to', 'secnod']);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /has no step, service or group 'secnod'; did you mean second\?/);
    const past = await place.continuo(['resume', '--to', 'first']);
    assert.match(past.stderr, /is past 'first' already/);
    assert.equal((await place.continuo(['resume', '--to', 'second', 'latest'])).code, 0);
    await run.printed(/paused before 'third'/);
    assert.equal((await place.continuo(['resume'])).code, 0);
    const { code, stdout } = await run.told;
    assert.equal(code, 0, stdout);
    assert.ok(!existsSync(await socketOf(place)));
    assertInvariants(await place.events());

    const over = await place.continuo(['pause']);
    assert.equal(over.code, 2);
    assert.match(over.stderr, /has ended: it succeeded/);
    assert.equal((await place.continuo(['pause', 'nobody'])).code, 2);
  });

  it('is paused by another process while a step runs, and killed', async () => {
    await using place = new Place();
    const run = start(place, steps(place.mark, 'echo here; sleep 1000'), '--break', 'third');
    await run.printed(/here/);
    const unpaused = await place.continuo(['resume']);
    assert.equal(unpaused.code, 2);
    assert.match(unpaused.stderr, /is not paused/);
    assert.equal((await place.continuo(['pause'])).code, 0);
    await run.printed(/paused by /);
    const asked = await place.continuo(['approve', 'second']);
    assert.equal(asked.code, 2);
    assert.match(asked.stderr, /does not wait for an approval of 'second'/);
    const killed = await place.continuo(['kill']);
    assert.equal(killed.code, 0, killed.stderr);
    const { code } = await run.told;
    assert.equal(code, 130);
    await place.empty();
    assertInvariants(await place.events());
  });

  it('refuses to be paused while it ends', async () => {
    await using place = new Place();
    const yaml = `version: 2.1
pipeline:
  - step:
      name: db
      background: true
      commands: ["trap 'echo leaving' TERM; echo up; while :; do sleep 0.1 || :; done"]
      ready: {log: ^up}
  - step: {name: first, commands: [echo here, sleep 1000]}
`;
    const run = start(place, yaml);
    await run.printed(/here/);
    assert.equal((await place.continuo(['kill'])).code, 0);
    await run.printed(/leaving/);
    const late = await place.continuo(['pause']);
    assert.equal(late.code, 2);
    assert.match(late.stderr, /run [\w-]+ is ending: nothing else of it begins/);
    assert.equal((await place.continuo(['kill'])).code, 0);
    assert.equal((await run.told).code, 130);
    assertInvariants(await place.events());
  });

  it('keeps its services up at a failure, and fails when it goes on', async () => {
    await using place = new Place();
    const run = start(place, steps(place.mark, 'exit 3'), '--pause-on-failure');
    await run.printed(/paused: step 'second' failed with exit code 3; look with `continuo logs/);
    assert.notDeepEqual(processesWith(place.mark), []);
    assert.equal((await place.continuo(['logs', 'latest', 'first'])).stdout, 'first\n');
    assert.equal((await place.continuo(['resume'])).code, 0);
    const { code, stdout } = await run.told;
    assert.equal(code, 1);
    assert.match(stdout, /step 'second' failed with exit code 3/);
    assertInvariants(await place.events());
  });

  it('tells at once of a service that dies in a pause, and ends with that', async () => {
    await using place = new Place();
    const run = start(place, steps(place.mark), '--break', 'second');
    await run.printed(/paused before 'second'/);
    const [service] = processesWith(place.mark).filter((line) => line.includes('sleep 1000'));
    process.kill(Number.parseInt(service!), 'SIGKILL');
    await run.printed(/paused: service 'db' died on signal KILL/);
    assert.equal((await place.continuo(['resume'])).code, 0);
    const { code, stdout } = await run.told;
    assert.equal(code, 1);
    assert.match(stdout, /service 'db' died on signal KILL/);
    assertInvariants(await place.events());
  });

  it('stays paused when nothing else goes on, and ends by a signal like any other', async () => {
    await using place = new Place();
    const run = start(place, steps(place.mark), '--break', 'db');
    await run.printed(/paused before 'db'/);
    // By then it is found at its socket, which would not hold it up.
    assert.equal((await place.continuo(['pause'])).code, 0);
    run.child.kill('SIGINT');
    const { code, stdout } = await run.told;
    assert.equal(code, 130, stdout);
    assert.ok(!existsSync(await socketOf(place)));
  });

  it('says so when it is dead, and when a break is before nothing', async () => {
    await using place = new Place();
    const run = start(place, steps(place.mark), '--break', 'first');
    await run.printed(/paused before 'first'/);
    run.child.kill('SIGKILL');
    await run.told;
    const dead = await place.continuo(['resume']);
    assert.equal(dead.code, 2);
    assert.match(dead.stderr, /is dead: its process \(pid \d+\) is gone/);
    await place.empty();
    const wrong = await place.exec(steps(place.mark), ['--break', 'frist']);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /--break frist: there is no step, [^\n]*, did you mean first\?/);
  });

  it('asks in its own picture how it goes on', async () => {
    await using place = new Place();
    const file = place.file('pipeline.yaml', steps(place.mark));
    await using terminal = new Terminal(place, ['exec', '--break', 'first', file]);
    await terminal.printed(/paused before 'first'/);
    await terminal.printed(/Enter resumes, n next, k kill/);
    terminal.type(`n${keys.enter}`);
    await terminal.printed(/paused before 'second'/);
    terminal.type(keys.enter);
    const { code, stdout } = await terminal.told;
    assert.equal(code, 0, stdout);
    assert.match(stdout.replace(ornaments, ''), /✓ succeeded/);
    assert.deepEqual(
      (await place.events()).flatMap((event) => (event.type === 'run.resumed' ? [event.to] : [])),
      ['next', 'all'],
    );
  });
});
