import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';

import { Place, eventually, nobody, processesWith } from '../rig/cli.ts';

import type { Running, User } from '../rig/cli.ts';

/**
 * A service and a step that leave children of every unruly kind behind: plain grandchildren,
 * children in sessions of their own, orphans, children without the environment, children that
 * ignore TERM, and children that hold stdout open.
 */
const unruly = (
  mark: string,
  then: string,
  stubborn = { db: true, work: false },
): string => `version: 2.1
pipeline:
  - step:
      name: db
      background: true
      commands-output: minimal
      commands:
        - |
          sh -c 'sleep 1000; true' ${mark} &
          setsid sh -c 'sleep 1001; true' ${mark} &
          setsid sh -c 'setsid sh -c "sleep 1002; true" $0 &' ${mark} &
          env -i setsid sh -c 'sleep 1003; true' ${mark} > /dev/null 2>&1 &
          sh -c '${deaf(stubborn.db)}sleep 1004; sleep 1004' ${mark} &
          echo up
          wait
      ready:
        log: ^up
      stop: {grace: 500ms}
  - step:
      name: work
      commands-output: minimal
      commands:
        - |
          setsid sh -c 'sleep 1005; true' ${mark} &
          sh -c '${deaf(stubborn.work)}sleep 1006; true' ${mark} &
        - ${then}
`;

const deaf = (isDeaf: boolean): string => (isDeaf ? 'trap "" TERM INT HUP; ' : '');

/** How many processes the pipeline above has once everything runs, at least. */
const everything = 7;

/** Settles once so many processes of the pipeline run. */
const isUp = (place: Place, running: Running, processes = everything): Promise<void> =>
  eventually(
    () => running.hasEnded || processesWith(place.mark).length >= processes,
    () => processesWith(place.mark).join('\n'),
  );

/** Root may keep trees together by control groups; nobody else has more than the process table. */
const callers: Readonly<Record<string, User | undefined>> =
  process.getuid?.() === 0 ? { root: undefined, nobody } : { 'this user': undefined };

for (const [name, user] of Object.entries(callers))
  describe(`nothing of a run by ${name} is left running`, () => {
    it('after success', async () => {
      await using place = new Place(user);
      const told = await place.exec(unruly(place.mark, 'true'));
      assert.equal(told.code, 0, told.stdout + told.stderr);
      assert.deepEqual(place.leftovers(), []);
    });

    it('after failure', async () => {
      await using place = new Place(user);
      const told = await place.exec(unruly(place.mark, 'exit 3'));
      assert.equal(told.code, 1);
      assert.deepEqual(place.leftovers(), []);
    });

    it('after a timeout', async () => {
      await using place = new Place(user);
      const yaml = unruly(place.mark, 'sleep 1007', { db: true, work: true });
      const limited = yaml.replace('name: work', 'name: work\n      timeout: 1s');
      const told = await place.exec(limited);
      assert.equal(told.code, 1);
      assert.match(told.stdout, /timed out|timeout/i);
      assert.deepEqual(place.leftovers(), []);
    });

    for (const [signal, code] of [
      ['INT', 130],
      ['TERM', 143],
      ['HUP', 129],
    ] as const) {
      it(`after ${signal}`, async () => {
        await using place = new Place(user);
        const file = place.file('p.yaml', unruly(place.mark, 'sleep 1007'));
        const running = place.start(['exec', file]);
        await isUp(place, running);
        running.child.kill(`SIG${signal}`);
        assert.equal((await running.told).code, code);
        assert.deepEqual(place.leftovers(), []);
      });
    }

    it('after two INTs, without the grace', async () => {
      await using place = new Place(user);
      const yaml = unruly(place.mark, 'sleep 1007').replace('grace: 500ms', 'grace: 1h');
      const running = place.start(['exec', place.file('p.yaml', yaml)]);
      await isUp(place, running);
      running.child.kill('SIGINT');
      await running.printed(/INT: stopping what runs/);
      running.child.kill('SIGINT');
      assert.equal((await running.told).code, 130);
      assert.deepEqual(place.leftovers(), []);
    });

    it('after KILL of Continuo itself', async () => {
      await using place = new Place(user);
      const running = place.start(['exec', place.file('p.yaml', unruly(place.mark, 'sleep 1007'))]);
      await isUp(place, running);
      await running.printed(/│ up$/m);
      running.child.kill('SIGKILL');
      await running.told;
      await place.empty();
      const listed = await place.continuo(['runs']);
      assert.match(listed.stdout, /lost/);
      const logs = await place.continuo(['logs', 'latest', 'db']);
      assert.equal(logs.stdout, 'up\n');
    });

    it('after KILL of Continuo and of its watchdog, once another run has started', async () => {
      await using place = new Place(user);
      const running = place.start(['exec', place.file('p.yaml', unruly(place.mark, 'sleep 1007'))]);
      await isUp(place, running);
      const watchdogs = processesWith('.lease').filter((line) => line.includes(place.stateDir));
      assert.equal(watchdogs.length, 1, 'there is one watchdog');
      assert.doesNotMatch(watchdogs[0]!, /^\d+ \S*node/, 'and it is no Node');
      process.kill(Number.parseInt(watchdogs[0]!, 10), 'SIGKILL');
      running.child.kill('SIGKILL');
      await running.told;
      assert.ok(place.leftovers().length > 0);
      const next = await place.continuo([
        'exec',
        place.file(
          'next.yaml',
          'version: 2.1\npipeline:\n  - step: {name: a, commands: ["true"]}\n',
        ),
      ]);
      assert.equal(next.code, 0);
      assert.match(next.stderr, /ended what run .* had left running/);
      assert.deepEqual(place.leftovers(), []);
    });

    it('at random moments of KILL', async () => {
      await using place = new Place(user);
      const yaml = unruly(place.mark, 'sleep 1007', { db: false, work: false });
      const file = place.file('p.yaml', yaml);
      const kills = Number(process.env['CONTINUO_RANDOM_KILLS'] ?? 5);
      for (let kill = 0; kill < kills; kill++) {
        const running = place.start(['exec', file]);
        // The moment is meant to be any: before, in the middle of and after the launches.
        setTimeout(() => running.child.kill('SIGKILL'), 60 + Math.random() * 300);
        await running.told;
        await place.empty();
      }
    });
  });

it('ends at once when it is told to while only the console lags behind, and runs nothing more', async () => {
  await using place = new Place();
  const file = (name: string, command: string): string =>
    place.file(
      `${name}.yaml`,
      `version: 2.1\npipeline: [{step: {name: ${name}, commands: [${command}]}}]\n`,
    );
  const running = place.start(['exec', file('big', 'seq 2000000'), file('next', 'echo never')]);
  running.child.stdout!.pause();
  for (let over = false; !over;)
    over = (await place.events()).some(({ type }) => type === 'run.ended');
  running.child.kill('SIGINT');
  const [code] = (await once(running.child, 'exit')) as [number];
  assert.equal(code, 130);
  running.child.stdout!.resume();
  await running.told;
  const events = await place.events();
  assert.equal(events.at(-1)?.type, 'run.ended');
  assert.equal((await place.continuo(['runs'])).stdout.trim().split('\n').length, 1);
});

it('keeps two runs at once apart', async () => {
  await using place = new Place();
  const yaml = (name: string, seconds: number): string =>
    `version: 2.1\npipeline:\n  - step: {name: ${name}, commands: ["sh -c 'sleep ${seconds}; true' ${place.mark}"]}\n`;
  const long = place.start(['exec', place.file('long.yaml', yaml('long', 1.5))]);
  await isUp(place, long, 1);
  const short = await place.continuo(['exec', place.file('short.yaml', yaml('short', 0))]);
  assert.equal(short.code, 0);
  assert.equal((await long.told).code, 0);
});
