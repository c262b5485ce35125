import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { imageOf } from '../images/images.ts';
import { Place } from '../rig/cli.ts';
import { docker, dockerSuite } from '../rig/docker.ts';
import { PrivateEngine, noPrivateEngine } from '../rig/docker-engine.ts';
import { FaultProxy } from '../rig/fault-proxy.ts';
import { LeftOfRuns } from '../rig/left-of-runs.ts';

import type { Fault } from '../rig/passing.ts';
import type { Told } from '../rig/cli.ts';

/** A service, a step that counts its starts and prints for a while, and one that is prepared meanwhile. */
const pipeline = (lines: number): string => `version: 2.1
pipeline:
  - step:
      name: db
      image: ${imageOf('busybox')}
      background: true
      commands-output: minimal
      commands:
        - |
          trap 'echo bye; exit 0' TERM
          echo up
          while :; do sleep 0.1; done
      ready: [{log: ^up}, {exec: ["true"]}]
      stop: {grace: 5s}
  - step:
      name: work
      image: ${imageOf('busybox')}
      commands-output: minimal
      commands:
        - |
          echo once >> work-ran
          for line in $(seq ${lines}); do echo "line $line"; sleep 0.1; done
  - step:
      name: after
      image: ${imageOf('busybox')}
      commands-output: minimal
      commands: [echo once >> after-ran]
`;

const linesOf = (count: number): string =>
  Array.from({ length: count }, (_, nth) => `line ${nth + 1}\n`).join('');

/** What the engine is asked in a run, after the first look at it. */
const questions = {
  'an image': /^GET \/images\//,
  'the making of a network': /^POST \/networks\/create/,
  'a network': /^GET \/networks\/\w+$/,
  'the removal of a network': /^DELETE \/networks\//,
  'the making of a container': /^POST \/containers\/create/,
  'a file': /^HEAD \/containers\/\w+\/archive/,
  'its output': /^POST \/containers\/\w+\/attach/,
  'its start': /^POST \/containers\/\w+\/start/,
  'its state': /^GET \/containers\/\w+\/json/,
  'its end': /^POST \/containers\/\w+\/wait/,
  'a signal': /^POST \/containers\/\w+\/kill\?signal=SIGCONT/,
  'its removal': /^DELETE \/containers\//,
  'a command in it': /^POST \/containers\/\w+\/exec/,
  'the start of a command': /^POST \/exec\/\w+\/start/,
  'the end of a command': /^GET \/exec\/\w+\/json/,
  events: /^GET \/events/,
};

type Question = keyof typeof questions;
const all = Object.keys(questions) as Question[];

/** A proxy before the engine of the tests, and a place whose runs use it. */
class Faulty implements AsyncDisposable {
  readonly place: Place;
  readonly proxy: FaultProxy;
  readonly left: LeftOfRuns;

  private constructor(place: Place, proxy: FaultProxy) {
    this.place = place;
    this.proxy = proxy;
    this.left = new LeftOfRuns(docker, place);
  }

  static async start(): Promise<Faulty> {
    const place = new Place();
    const at = { socketPath: join(place.dir, 'proxy') };
    return new Faulty(place, await FaultProxy.start(at, { socketPath: '/var/run/docker.sock' }));
  }

  get env(): Record<string, string> {
    return { DOCKER_HOST: `unix://${join(this.place.dir, 'proxy')}` };
  }

  /** Each of these goes wrong once. */
  breaks(fault: Fault, asked: readonly Question[]): void {
    for (const question of asked) this.proxy.rule({ when: questions[question], fault, times: 1 });
  }

  exec(lines = 5): Promise<Told> {
    return this.place.exec(pipeline(lines), [], this.env);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.proxy.heal();
    try {
      await this.left.none();
      await this.place[Symbol.asyncDispose]();
    } finally {
      await this.proxy[Symbol.asyncDispose]();
    }
  }
}

/** How often a step's command ran. */
const timesRun = ({ dir }: Place, step: string): number => {
  const file = join(dir, `${step}-ran`);
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0;
};

async function assertPerfect({ place, left }: Faulty, told: Told, lines = 5): Promise<void> {
  assert.equal(told.code, 0, told.stdout + told.stderr);
  assert.deepEqual([timesRun(place, 'work'), timesRun(place, 'after')], [1, 1]);
  assert.equal(await place.output('work'), linesOf(lines));
  // The shell tells of its `sleep` that had the signal, too.
  assert.equal((await place.output('db')).replace('Terminated\n', ''), 'up\nbye\n');
  await left.assertNone();
}

dockerSuite('an engine that answers badly changes nothing about a run', () => {
  const except = (...these: Question[]): Question[] => all.filter((each) => !these.includes(each));
  for (const [how, fault, asked] of [
    ['late', { kind: 'delay', ms: 1_000 }, all],
    // An upgraded connection cannot be asked for twice by the proxy.
    ['twice', { kind: 'twice' }, except('its output', 'the start of a command')],
    ['not at all, though it does what it is asked', { kind: 'lose' }, all],
    ['not to the end', { kind: 'cut', afterBytes: 1 }, all],
    ['not at all, and does nothing', { kind: 'refuse' }, except('its start')],
  ] as const)
    it(`when it answers each question once ${how}`, async () => {
      await using faulty = await Faulty.start();
      faulty.breaks(fault, asked);
      await assertPerfect(faulty, await faulty.exec());
    });

  it('when it does not start a container, of which nobody can know for a while', async () => {
    await using faulty = await Faulty.start();
    const { place } = faulty;
    // That of a step that is prepared; another takes its place.
    const file = place.file('p.yaml', pipeline(5));
    const running = place.start(['exec', file], faulty.env);
    await running.printed(/running: container/);
    faulty.breaks({ kind: 'refuse' }, ['its start']);
    await assertPerfect(faulty, await running.told);
  });

  it('when every connection breaks while a step runs', async () => {
    await using faulty = await Faulty.start();
    const { place, proxy } = faulty;
    const file = place.file('p.yaml', pipeline(30));
    const running = place.start(['exec', file], faulty.env);
    await running.printed(/line 10/);
    proxy.breakConnections();
    await assertPerfect(faulty, await running.told, 30);
  });

  it('when the connection breaks again and again by which output comes', async () => {
    await using faulty = await Faulty.start();
    const when = /\/(attach|logs)\?/;
    for (const afterBytes of [20, 1, 100, 8, 150])
      faulty.proxy.rule({ when, fault: { kind: 'cut', afterBytes }, times: 1 });
    await assertPerfect(faulty, await faulty.exec(20), 20);
  });
});

dockerSuite('an engine of which nobody knows what it does', () => {
  it('is not waited for by a readiness check whose time is over', async () => {
    await using faulty = await Faulty.start();
    const fault = { kind: 'delay', ms: 3_600_000 } as const;
    faulty.proxy.rule({ when: questions['the start of a command'], fault });
    const yaml = pipeline(1).replace('{exec: ["true"]}', '{exec: ["true"], timeout: 2s}');
    const told = await faulty.place.exec(yaml, [], faulty.env);
    assert.equal(told.code, 1);
    assert.match(told.stdout, /no answer for/);
  });

  it('fails a run rather than to start a container twice', async () => {
    await using faulty = await Faulty.start();
    faulty.breaks({ kind: 'refuse' }, ['its start']);
    const yaml = `version: 2.1
pipeline: [{step: {name: work, image: ${imageOf('busybox')}, commands: [echo once >> work-ran]}}]
`;
    const told = await faulty.place.exec(yaml, [], faulty.env);
    assert.equal(told.code, 1);
    assert.match(told.stdout, /the container engine does not answer/);
    assert.equal(timesRun(faulty.place, 'work'), 0);
    await faulty.left.assertNone();
  });
});

const isSoak = process.env['CONTINUO_RANDOM_KILLS'] !== undefined;
const pauseMs = isSoak ? 20_000 : 5_000;

dockerSuite('an engine that is not there for a while', () => {
  const skip = noPrivateEngine;

  it(`is waited for when it stands still for ${pauseMs / 1_000} s`, { skip }, async () => {
    await using engine = await PrivateEngine.start(docker);
    await using place = new Place();
    const running = place.start(['exec', place.file('p.yaml', pipeline(30))], {
      DOCKER_HOST: engine.host,
    });
    await running.printed(/line 10/);
    engine.pause();
    await delay(pauseMs);
    engine.resume();
    const told = await running.told;
    assert.equal(told.code, 0, told.stdout + told.stderr);
    assert.deepEqual([timesRun(place, 'work'), timesRun(place, 'after')], [1, 1]);
    assert.equal(await place.output('work'), linesOf(30));
    await new LeftOfRuns(engine.docker, place).assertNone();
  });

  for (const how of ['stopped', 'killed'] as const)
    it(
      `fails what ran when it is ${how} and started again, and leaves nothing`,
      { skip },
      async () => {
        await using engine = await PrivateEngine.start(docker);
        await using place = new Place();
        const running = place.start(['exec', place.file('p.yaml', pipeline(1000))], {
          DOCKER_HOST: engine.host,
        });
        await running.printed(/line 10/);
        await (how === 'stopped' ? engine.stop() : engine.kill());
        await engine.start();
        const told = await running.told;
        assert.match(told.stdout, /the container engine was stopped while it ran/);
        assert.equal(told.code, 1, told.stdout + told.stderr);
        assert.equal(timesRun(place, 'work'), 1);
        await new LeftOfRuns(engine.docker, place).assertNone();
      },
    );

  it(
    'is given up after a minute, and the run with it, and what is left is removed once it is back',
    { skip: skip || (!isSoak && 'it takes more than a minute: npm run soak'), timeout: 300_000 },
    async () => {
      await using engine = await PrivateEngine.start(docker);
      await using place = new Place();
      const env = { DOCKER_HOST: engine.host };
      const running = place.start(['exec', place.file('p.yaml', pipeline(1000))], env);
      await running.printed(/line 10/);
      await engine.kill();
      const told = await running.told;
      assert.equal(told.code, 1, told.stdout + told.stderr);
      assert.match(told.stdout, /the container engine does not answer/);
      assert.match(told.stdout, /something of the run may be left on the container engine/);
      await engine.start();
      const left = new LeftOfRuns(engine.docker, place);
      await left.none();
    },
  );
});
