import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { imageOf } from '../images/images.ts';
import { ContainerPlace } from '../rig/container-place.ts';
import { docker, dockerSuite } from '../rig/docker.ts';
import { LeftOfRuns } from '../rig/left-of-runs.ts';

/** A service and a step in containers that end at once when they are asked to, and a step after them. */
const endless = `version: 2.1
pipeline:
  - step: {name: db, image: ${imageOf('volume')}, background: true, commands: [exec sleep 2001]}
  - step: {name: work, image: ${imageOf('busybox')}, commands: [echo up, exec sleep 2002]}
  - step: {name: after, image: ${imageOf('busybox')}, commands: [echo never]}
`;

const kinds = [
  ['INT', 130],
  ['TERM', 143],
  ['HUP', 129],
  ['INT, INT', 130],
] as const;

/** Half of the signals come in the first second; the others soon after one of these was printed. */
const milestones = [/Starting step 'db'/, /Starting step 'work'/, /\| up/];

dockerSuite('signals for cix at random moments', () => {
  it(
    'leave nothing, and end with one clear line and the right code',
    { timeout: 7_200_000 },
    async (test) => {
      const kills = Number(process.env['CONTINUO_RANDOM_KILLS'] ?? 20) / 2;
      const took: number[] = [];
      for (let kill = 0; kill < kills; kill++) {
        const [signals, code] = kinds[kill % kinds.length]!;
        const isEarly = (kill + (kill >> 2)) % 2 === 0;
        const milestone = isEarly ? undefined : milestones[(kill >> 1) % milestones.length];
        took.push(await signalAtRandom(signals.split(', '), code, milestone));
      }
      took.sort((a, b) => a - b);
      const [median = 0, last = 0] = [took[took.length >> 1], took.at(-1)];
      test.diagnostic(
        `ended after ${Math.ceil(median)} ms (median), ${Math.ceil(last)} ms (longest)`,
      );
    },
  );
});

/** Answers how long it took to end. */
async function signalAtRandom(
  signals: readonly string[],
  code: number,
  milestone: RegExp | undefined,
): Promise<number> {
  await using place = new ContainerPlace();
  const args = ['exec', '-P', 'Never', '-y', place.file('p.yaml', endless)];
  const running = place.start(args, {}, 'cix');
  if (milestone) await running.printed(milestone);
  const afterMs = Math.random() * (milestone ? 300 : 1_000);
  await delay(afterMs);
  const since = performance.now();
  for (const [nth, signal] of signals.entries()) {
    if (nth > 0) await delay(Math.random() * 100);
    running.child.kill(`SIG${signal}` as NodeJS.Signals);
  }
  const told = await running.told;
  const tookMs = performance.now() - since;
  const when = `${afterMs} ms after ${milestone?.source ?? 'the start'}`;
  const what = `${signals.join(', ')} ${when}: ${told.code}
${told.stdout}${told.stderr}`;
  await new LeftOfRuns(docker, place).assertNone();
  assert.deepEqual(place.leftovers(), [], what);
  // Before there is anything that listens, a signal ends the process by itself.
  if (told.signal !== null) {
    assert.equal(told.stdout, '', what);
    return tookMs;
  }
  assert.equal(told.code, code, what);
  assert.doesNotMatch(told.stdout + told.stderr, /ERROR|\n\s+at |never$/m, what);
  const closing = `${told.stdout}${told.stderr}`.trimEnd().split('\n').at(-1) ?? '';
  assert.match(closing, /(WARN \tPipeline was cancelled by SIG|warning: )(INT|TERM|HUP)/, what);
  assert.equal(
    told.stdout.match(/Pipeline was cancelled/g)?.length ?? 0,
    told.stdout === '' ? 0 : 1,
    what,
  );
  return tookMs;
}
