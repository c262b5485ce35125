import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { cix, megabytes, ms, times } from '../bench.ts';
import { idleContainers, oneContainer, serviceAndStep } from '../docker-pipelines.ts';
import { measure, median } from '../measure.ts';
import { oneStep } from '../pipelines.ts';
import { hasEngine, image, inShell } from './docker.ts';

import type { Bench, Row } from '../bench.ts';
import type { Contender } from '../measure.ts';

const run = `docker run --rm ${image}`;

/** What people with CIX pipelines run all day, whole processes, beside the bare containers. */
export async function habits(bench: Bench): Promise<Row[]> {
  if (!hasEngine()) {
    console.error('habits: not measured, no engine has the images of the tests (npm run engine)');
    return [];
  }
  const one = await sideBySide(bench, 9, idleContainers(1), `${run} true`);
  const twenty = await sideBySide(bench, 3, idleContainers(20), lines(20, `${run} true`));
  const loud = await sideBySide(bench, 5, oneContainer('seq 1 200000'), `${run} seq 1 200000`);
  return [
    atMostTimes('one step', one, '`docker run --rm`', 3, cix('4.68 s')),
    atMostTimes('20 steps', twenty, '20 x `docker run --rm`', 1, cix('11.2 s')),
    await service(bench, "trap 'exit 0' TERM; sleep 1000 & wait", 'ends by TERM', '6.30 s'),
    await service(bench, 'sleep 1000', 'has no handler for TERM', '16.5 s'),
    await interrupts(bench),
    atMostTimes('200,000 lines', loud, '`docker run --rm`', 3, cix('5.08 s, not all lines')),
    await memory(bench, '3 million lines of a container', oneContainer('seq 1 3000000')),
    await memory(bench, '3 million lines of a process', oneStep('seq 1 3000000')),
  ];
}

/** Median times, run in turns. */
async function sideBySide(
  bench: Bench,
  rounds: number,
  pipeline: string,
  byHand: string,
): Promise<readonly [ours: number, theirs: number]> {
  const all: [number[], number[]] = [[], []];
  const contenders = [exec(bench, pipeline), inShell(byHand)];
  for (let round = 0; round < rounds; round += 1)
    for (const [index, contender] of contenders.entries())
      all[index]!.push((await measure(contender)).ms);
  return [median(all[0]), median(all[1])];
}

/** `docker rm -f` kills at once, as nobody would do to a service of theirs. */
async function service(bench: Bench, command: string, what: string, theirs: string): Promise<Row> {
  const byHand = [
    `docker run -d --init --name bench-service ${image} sh -c ${JSON.stringify(command)}`,
    `${run} true`,
    'docker stop bench-service',
    'docker rm bench-service',
  ].join('\n');
  const [ours, bare] = await sideBySide(bench, 5, serviceAndStep(command), byHand);
  return {
    what: `a service that ${what}, and a step`,
    ours: ms(ours),
    against: `${ms(bare)} \`docker run -d --init\`, \`run --rm\`, \`stop\`, \`rm\` ${cix(theirs)}`,
    ratio: `${ours < bare ? '' : '+'}${ms(ours - bare)}`,
    atMost: '+1500 ms',
    held: ours - bare < 1_500,
  };
}

async function interrupts(bench: Bench): Promise<Row> {
  const took = [];
  for (let round = 0; round < 5; round += 1) took.push(await interrupt(bench));
  const ours = median(took);
  return {
    what: 'from INT to the end of a service and a step in containers, nothing left',
    ours: ms(ours),
    against: cix('14 s'),
    ratio: '',
    atMost: '2000 ms',
    held: ours <= 2_000,
  };
}

/** Answers how long the command took to end. Fails loudly where it leaves anything. */
async function interrupt(bench: Bench): Promise<number> {
  const pipeline = bench.file('habit.yaml', serviceAndStep('exec sleep 1000', endlessStep));
  const { argv, cwd, env } = bench.cix('exec', '-y', pipeline);
  const [file, ...args] = argv;
  const child = spawn(file, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close') as Promise<[code: number | null]>;
  let told = '';
  const isUp = new Promise<void>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      told += text;
      if (told.includes('| up')) resolve();
    });
  });
  await Promise.race([isUp, ended]);
  const since = performance.now();
  child.kill('SIGINT');
  const [code] = await ended;
  const took = performance.now() - since;
  const left = leftOnEngine(bench);
  if (code !== 130 || left !== '')
    throw new Error(`${argv.join(' ')} ended with ${code}, and left '${left}':\n${told}`);
  return took;
}

const endlessStep = 'echo up; exec sleep 1000';

/** What the runs of the bench have left on the engine. */
function leftOnEngine({ folder }: Bench): string {
  const kinds = [
    ['ps', '-aq'],
    ['network', 'ls', '-q'],
    ['volume', 'ls', '-q'],
  ] as const;
  const runs = readdirSync(join(folder, 'state', 'runs'));
  const left = runs.flatMap((run) =>
    kinds.map((kind) =>
      execFileSync('docker', [...kind, '--filter', `label=continuo.run=${run}`], {
        encoding: 'utf8',
      }),
    ),
  );
  return left.join('');
}

async function memory(bench: Bench, what: string, pipeline: string): Promise<Row> {
  const runs = [];
  for (let round = 0; round < 3; round += 1) {
    runs.push(await measure(exec(bench, pipeline)));
    rmSync(join(bench.folder, 'state'), { recursive: true, force: true });
  }
  const peakBytes = Math.max(...runs.map((each) => each.peakBytes));
  return {
    what: `memory while ${what} pass through`,
    ours: `${megabytes(peakBytes)}, ${ms(median(runs.map((each) => each.ms)))}`,
    against: cix('110 MB at rest, 185 MB with 3 million lines in 13.1 s'),
    ratio: '',
    atMost: '120 MB',
    held: peakBytes < 120e6,
  };
}

const atMostTimes = (
  what: string,
  [ours, theirs]: readonly [ours: number, theirs: number],
  hand: string,
  most: number,
  quoted: string,
): Row => ({
  what: `${what} in a container, whole process`,
  ours: ms(ours),
  against: `${ms(theirs)} ${hand} ${quoted}`,
  ratio: times(ours / theirs),
  atMost: times(most),
  held: ours / theirs <= most,
});

const exec = (bench: Bench, pipeline: string): Contender =>
  bench.continuo('exec', bench.file('habit.yaml', pipeline));

const lines = (count: number, line: string): string =>
  Array.from({ length: count }, () => line).join('\n');
