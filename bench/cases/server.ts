import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { newRunId } from '../../src/journal/run-id.ts';
import { ms, times } from '../bench.ts';
import { measure, median } from '../measure.ts';
import { oneStep } from '../pipelines.ts';
import { serve } from '../serving.ts';
import { crowd } from './crowd.ts';

import type { Bench, Row } from '../bench.ts';
import type { Serving } from '../serving.ts';

const linesOf = (count: number): string => `yes '${'x'.repeat(49)}' | head -n ${count}`;

/** What a server of many runs and long logs answers, and how fast lines come through it. */
export async function server(bench: Bench): Promise<Row[]> {
  return [
    await live(bench),
    ...(await stored(bench)),
    ...(await crowd(bench)),
    await firstLoad(bench),
  ];
}

/** What a browser is sent before it shows the page: that itself, and all that it names. */
async function firstLoad(bench: Bench): Promise<Row> {
  await using serving = await serve(bench, join(bench.folder, 'page'));
  const load = async (path: string): Promise<readonly [text: string, bytes: number]> => {
    const response = await serving.ask(path, { headers: { 'accept-encoding': 'gzip' } });
    const bytes = Number(response.headers.get('content-length'));
    const isPacked = response.headers.get('content-encoding') === 'gzip';
    if (!response.ok || !isPacked || bytes === 0) throw new Error(`${path}: ${response.status}`);
    return [await response.text(), bytes];
  };
  const [html, size] = await load('/');
  let bytes = size;
  for (const [, path] of html.matchAll(/(?:src|href)="(\/[^"]+)"/g))
    bytes += (await load(path!))[1];
  return {
    what: 'the first load of the page, gzipped',
    ours: `${Math.round(bytes / 1_000)} kB`,
    ...{ against: '', ratio: '', atMost: '300 kB', held: bytes < 300_000 },
  };
}

/** So many that the start of the run, which is measured elsewhere, is not most of it. */
const followed = 5_000_000;

async function live(bench: Bench): Promise<Row> {
  await using serving = await serve(bench, join(bench.folder, 'live'));
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = 0; round < 3; round += 1) {
    ours.push(await follow(serving));
    theirs.push(await tail(bench.file('tailed', '')));
  }
  const perSecond = (time: number) => `${Math.round(followed / time).toLocaleString('en')} k/s`;
  const ratio = median(ours) / median(theirs);
  return {
    what: 'lines of a step -> journal -> server-sent events -> a client, the start of the run included',
    ours: perSecond(median(ours)),
    against: `${perSecond(median(theirs))} \`tail -f\` of a file`,
    ...{ ratio: times(ratio), atMost: '3 x', held: ratio <= 3 },
  };
}

/** Milliseconds from the order to the end of the events, each of which is parsed. */
async function follow(serving: Serving): Promise<number> {
  const begun = performance.now();
  const id = await serving.start(oneStep(linesOf(followed)));
  // Not by `fetch`, whose streams cost the client half as much again.
  const response = await serving.read(`/api/v1/runs/${id}/events`);
  let rest = '';
  let characters = 0;
  for await (const piece of response.setEncoding('utf8')) {
    const messages = (rest + String(piece)).split('\n\n');
    rest = messages.pop()!;
    for (const message of messages) {
      const data = JSON.parse(message.slice(message.indexOf('data: ') + 6)) as { text?: string };
      characters += data.text?.length ?? 0;
    }
  }
  if (characters < followed * 50) throw new Error(`${characters} characters came`);
  return performance.now() - begun;
}

/** Milliseconds until `tail -f` has told all that a shell writes into the file. */
async function tail(path: string): Promise<number> {
  const begun = performance.now();
  const reader = spawn('tail', ['-n', '+1', '-f', path], { stdio: ['ignore', 'pipe', 'ignore'] });
  spawn('sh', ['-c', `${linesOf(followed)} > '${path}'`], { stdio: 'ignore' });
  let bytes = 0;
  for await (const piece of reader.stdout) {
    bytes += (piece as Buffer).length;
    if (bytes >= followed * 50) break;
  }
  const time = performance.now() - begun;
  reader.kill();
  rmSync(path);
  return time;
}

async function stored(bench: Bench): Promise<Row[]> {
  const stateDir = join(bench.folder, 'stored');
  const exec = async (name: string, command: string): Promise<string> => {
    const file = bench.file(name, oneStep(command));
    await measure(bench.continuo('exec', '--state-dir', stateDir, file));
    return readdirSync(join(stateDir, 'runs')).sort().at(-1)!;
  };
  const small = await exec('small.yaml', 'true');
  const long = await exec('long.yaml', linesOf(10_000_000));
  // After the runs, since each of them removes old ones.
  copyRun(stateDir, small, 10_000);
  await using serving = await serve(bench, stateDir);
  const timed = async (path: string): Promise<number> => {
    const begun = performance.now();
    const response = await serving.ask(path);
    await response.text();
    if (response.status !== 200) throw new Error(`${path}: ${response.status}`);
    return performance.now() - begun;
  };
  const several = async (path: string, before = () => {}): Promise<number> => {
    const all: number[] = [];
    for (let round = 0; round < 9; round += 1) {
      before();
      all.push(await timed(path));
    }
    return median(all);
  };
  const first = await timed(`/api/v1/runs/${long}/logs?from=5000000&count=1000`);
  const middle = await several(`/api/v1/runs/${long}/logs/lines?from=5000000&count=1000`);
  const list = await several('/api/v1/runs');
  const fresh = await several('/api/v1/runs', () => copyRun(stateDir, small, 1));
  const atMost = (what: string, time: number, most: number): Row => ({
    ...{ what, ours: ms(time), against: '', ratio: '' },
    ...{ atMost: `${most} ms`, held: time <= most },
  });
  return [
    atMost('the middle of a log of 10 million lines, the first time', first, 100),
    atMost('the same as 1,000 lines with their times, again', middle, 100),
    atMost('the list of 10,000 runs', list, 50),
    atMost('the same, right after another has ended', fresh, 50),
  ];
}

/** Puts so many copies of a run beside it, each with a name of its own. */
function copyRun(stateDir: string, run: string, count: number): void {
  const runs = join(stateDir, 'runs');
  const journal = readFileSync(join(runs, run, 'journal'));
  for (let nth = 0; nth < count; nth += 1) {
    const folder = join(runs, newRunId(Date.now() - 86_400_000 - 1_000 * nth));
    mkdirSync(folder);
    writeFileSync(join(folder, 'journal'), journal);
  }
}
