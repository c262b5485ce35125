import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { labelOf, labelsFor } from '../../src/executor/docker/labels.ts';
import { listMade } from '../../src/executor/docker/made.ts';
import { thisProcess } from '../../src/executor/common/owner.ts';
import { runIds } from '../../src/journal/runs.ts';
import { imageOf } from '../images/images.ts';
import { Place, eventually, processesWith } from '../rig/cli.ts';
import { docker, dockerSuite } from '../rig/docker.ts';
import { FaultProxy } from '../rig/fault-proxy.ts';
import { LeftOfRuns } from '../rig/left-of-runs.ts';

import type { Running } from '../rig/cli.ts';

/**
 * Two services and a step in containers, and a step after it that is prepared meanwhile. They leave
 * children in sessions of their own behind, and one service does not listen to TERM.
 */
const unruly = (mark: string, then: string): string => `version: 2.1
pipeline:
  - step:
      name: db
      image: ${imageOf('volume')}
      background: true
      commands:
        - |
          trap '' TERM
          setsid sh -c 'trap "" TERM; sleep 2001; true' ${mark} &
          echo up
          while :; do sleep 1000; done
      ready:
        log: ^up
      stop: {grace: 500ms}
  - step:
      name: cache
      image: ${imageOf('busybox')}
      background: true
      commands: [sh -c 'sleep 2002; true' ${mark}]
  - step:
      name: work
      image: ${imageOf('busybox')}
      commands:
        - |
          setsid sh -c 'trap "" TERM; sleep 2003; true' ${mark} &
        - ${then}
  - step:
      name: after
      image: ${imageOf('busybox')}
      commands: ["true"]
`;

const long = 'sleep 2004';

const isStart = /^POST \/containers\/\w+\/start/;

/** How many processes carry the mark once everything runs: three, and perhaps what each sleeps in. */
const isUp = (place: Place, running: Running): Promise<void> =>
  eventually(
    () => running.hasEnded || processesWith(place.mark).length >= 3,
    () => processesWith(place.mark).join('\n'),
  );

/** A pipeline as above that has come to its long step. */
async function started(place: Place, yaml = unruly(place.mark, long)): Promise<Running> {
  const running = place.start(['exec', place.file('p.yaml', yaml)]);
  await isUp(place, running);
  if (running.hasEnded) assert.fail((await running.told).stdout);
  return running;
}

/** Its watchdogs, that of the host's part of the run included. */
const watchdogsOf = (place: Place): number[] =>
  processesWith('lease')
    .filter((line) => line.includes('continuo-watchdog') && line.includes(place.stateDir))
    .map((line) => Number.parseInt(line, 10));

dockerSuite('nothing of a run in containers is left', () => {
  const nothingNow = async (place: Place): Promise<void> => {
    await new LeftOfRuns(docker, place).assertNone();
    assert.deepEqual(place.leftovers(), []);
  };

  for (const [end, then, code] of [
    ['success', 'true', 0],
    ['failure', 'exit 3', 1],
  ] as const)
    it(`after ${end}`, async () => {
      await using place = new Place();
      const told = await place.exec(unruly(place.mark, then));
      assert.equal(told.code, code, told.stdout + told.stderr);
      await nothingNow(place);
    });

  it('after a timeout', async () => {
    await using place = new Place();
    const yaml = unruly(place.mark, long);
    const told = await place.exec(yaml.replace('name: work', 'name: work\n      timeout: 1s'));
    assert.equal(told.code, 1);
    assert.match(told.stdout, /timed out|timeout/i);
    await nothingNow(place);
  });

  for (const [signal, code] of [
    ['INT', 130],
    ['TERM', 143],
  ] as const)
    it(`after ${signal}`, async () => {
      await using place = new Place();
      const running = await started(place);
      running.child.kill(`SIG${signal}`);
      assert.equal((await running.told).code, code);
      await nothingNow(place);
    });

  it('after INT while many containers start, of which no more are started then', async () => {
    await using place = new Place();
    const at = { socketPath: join(place.dir, 'proxy') };
    await using proxy = await FaultProxy.start(at, { socketPath: '/var/run/docker.sock' });
    proxy.rule({ when: isStart, fault: { kind: 'delay', ms: 5_000 } });
    const steps = Array.from(
      { length: 12 },
      (_, nth) => `{step: {name: s${nth}, image: ${imageOf('busybox')}, commands: [${long}]}}`,
    );
    const yaml = `{version: 2.1, pipeline: [{steps: {name: g, parallel: true, pipeline: [${steps.join(', ')}]}}]}`;
    const running = place.start(['exec', place.file('p.yaml', yaml)], {
      DOCKER_HOST: `unix://${at.socketPath}`,
    });
    const started = (): string[] => proxy.requests.filter((line) => isStart.test(line));
    await eventually(
      () => started().length === 4,
      () => proxy.requests.join('\n'),
    );
    running.child.kill('SIGINT');
    assert.equal((await running.told).code, 130);
    assert.equal(started().length, 4);
    await nothingNow(place);
  });

  it('after two INTs, without the grace', async () => {
    await using place = new Place();
    const yaml = unruly(place.mark, `trap '' TERM; ${long}`).replace('500ms', '1h');
    const running = await started(place, yaml);
    running.child.kill('SIGINT');
    await running.printed(/INT: stopping what runs/);
    running.child.kill('SIGINT');
    assert.equal((await running.told).code, 130);
    await nothingNow(place);
  });

  it('after KILL of Continuo', async () => {
    await using place = new Place();
    const running = await started(place);
    const left = new LeftOfRuns(docker, place);
    assert.ok((await left.now()).some((name) => name.startsWith('volume')));
    running.child.kill('SIGKILL');
    await running.told;
    await left.none();
    assert.match((await place.continuo(['runs'])).stdout, /lost/);
  });

  for (const next of ['another run has started', 'continuo clean'] as const)
    it(`after KILL of its watchdog and of Continuo, once ${next}`, async () => {
      await using place = new Place();
      const running = await started(place);
      const left = new LeftOfRuns(docker, place);
      assert.equal((await left.now()).length, 8);
      const watchdogs = watchdogsOf(place);
      assert.equal(watchdogs.length, 1, 'there is one watchdog');
      process.kill(watchdogs[0]!, 'SIGKILL');
      running.child.kill('SIGKILL');
      await running.told;
      const yaml = `version: 2.1\npipeline: [{step: {name: a, image: ${imageOf('busybox')}, commands: ["true"]}}]\n`;
      const file = place.file('next.yaml', yaml);
      const dead = await runIds(place.stateDir);
      const told = await place.continuo(
        next === 'continuo clean' ? ['clean', ...dead] : ['exec', file],
      );
      assert.equal(told.code, 0, told.stderr);
      // A run of another test may have been quicker.
      await left.none();
    });

  it('after a crash of the machine, once a run has started', async () => {
    const sandbox = `crash-${process.pid}`;
    const owner = { ...thisProcess(), boot: 'of long ago' };
    const labels = { ...labelsFor({ runId: sandbox, stage: 's', sandbox }, 'db') };
    const Labels = { ...labels, 'continuo.owner': JSON.stringify(owner) };
    await docker.createNetwork({ Name: sandbox, Labels });
    await docker.createVolume({ Name: sandbox, Labels });
    const HostConfig = { NetworkMode: sandbox };
    const Image = imageOf('busybox');
    const Cmd = ['sleep', '1000'];
    await docker.createContainer({ name: sandbox, Image, Cmd, Labels, HostConfig });
    await using place = new Place();
    assert.equal((await place.exec(unruly(place.mark, 'true'))).code, 0);
    assert.deepEqual(await listMade(docker, labelOf(sandbox)), []);
  });

  it('at random moments of KILL', { timeout: 7_200_000 }, async (test) => {
    const kills = Number(process.env['CONTINUO_RANDOM_KILLS'] ?? 20);
    const killed: Killed[] = [];
    for (let left = kills; left > 0; left -= atOnce)
      killed.push(
        ...(await Promise.all(
          Array.from({ length: Math.min(atOnce, left) }, (_, nth) => killAtRandom(nth === 0)),
        )),
      );
    for (const [had, all] of Map.groupBy(killed, ({ had }) => had)) {
      const slowest = Math.max(...all.map(({ tookMs }) => tookMs));
      test.diagnostic(`${all.length} x ${had}: gone within ${Math.ceil(slowest)} ms`);
    }
  });
});

interface Killed {
  /** What it had on the engine just after its end. */
  readonly had: string;
  /** So long it took until nothing of that was left. */
  readonly tookMs: number;
}

/** Runs that are killed in the same seconds, so that they do not sweep what others leave. */
const atOnce = 5;

/** So often, about, a run has asked the engine to do something when it comes to its long step. */
const deeds = 16;

/**
 * Kills a run anywhere between its first and its last moment, and tells what became of what it had.
 * What it has asked of the engine tells moments apart on a machine of any speed.
 */
async function killAtRandom(whilePulling: boolean): Promise<Killed> {
  await using place = new Place();
  const at = { socketPath: join(place.dir, 'proxy') };
  await using proxy = await FaultProxy.start(at, { socketPath: '/var/run/docker.sock' });
  proxy.rule({ when: /images\/create/, fault: { kind: 'delay', ms: 3_600_000 } });
  const yaml = unruly(place.mark, long) + (whilePulling ? neverThere : '');
  const running = place.start(['exec', place.file('p.yaml', yaml)], {
    DOCKER_HOST: `unix://${at.socketPath}`,
  });
  const moment = Math.floor(Math.random() * (deeds + 1));
  const isThen = (): boolean =>
    proxy.requests.filter((line) => line.startsWith('POST')).length >= moment ||
    processesWith(place.mark).length >= 3;
  await eventually(isThen, () => proxy.requests.join('\n'));
  await delay(Math.random() * 200);
  assert.ok(!running.hasEnded);
  running.child.kill('SIGKILL');
  await running.told;
  const left = new LeftOfRuns(docker, place);
  const found = (await left.now()).map((name) => name.split(' ')[0]).sort();
  const tookMs = await left.none().catch((error: unknown) => {
    const watchdogs = processesWith(place.stateDir).join('\n') || 'no watchdog runs';
    const asked = proxy.requests.slice(-20).join('\n');
    throw new Error(`${String(error)}\n${watchdogs}\nlast asked:\n${asked}`);
  });
  await place.empty();
  // What it had asked for with its last breath may have come since.
  await left.assertNone();
  return { had: `${found.join(', ') || 'nothing'}${whilePulling ? ', pulling' : ''}`, tookMs };
}

const neverThere = `  - step: {name: pulled, image: localhost:1/never:1, commands: ["true"]}\n`;
