import { stringify } from 'yaml';

import { toSource } from '../../src/dialect/common/source.ts';
import { readHarness } from '../../src/dialect/harness/read-pipeline.ts';
import { ms, times } from '../bench.ts';
import { expressionSteps, matrixSteps } from '../harness-pipelines.ts';
import { median, medianTimes } from '../measure.ts';

import type { Bench, Row } from '../bench.ts';

const rounds = 7;
const parses = 100;

/** What it costs to read and plan a Harness pipeline: by a process that has read none before, and once it has. */
export async function harness(bench: Bench): Promise<Row[]> {
  return [await readingFirst(bench), await readingAgain(), await copying()];
}

/** Start-up taken out: a large file less a small one. */
async function readingFirst(bench: Bench): Promise<Row> {
  const large = expressionSteps(1_000);
  const json = bench.file('thousand.json', JSON.stringify(large));
  const parse = [bench.node, bench.program('parse-json.js'), json] as const;
  const [thousand, one, parsed, none] = await medianTimes(rounds, [
    bench.continuo('validate', bench.file('thousand.yaml', stringify(large))),
    bench.continuo('validate', bench.file('one-step.yaml', stringify(expressionSteps(1)))),
    { argv: [...parse, String(parses)] },
    { argv: [...parse, '0'] },
  ]);
  const what = 'a Harness pipeline of 1,000 steps with 5,000 expressions, read and planned';
  return readingRow(what, thousand! - one!, (parsed! - none!) / parses);
}

async function readingAgain(): Promise<Row> {
  const large = expressionSteps(1_000);
  const json = JSON.stringify(large);
  const [ours, bare] = await threadTimes([reading(large), () => JSON.parse(json) as unknown]);
  return readingRow('the same again in a process that goes on', ours!, bare!);
}

/** Time that grows with the number of cells makes every cell cost the same. */
async function copying(): Promise<Row> {
  const pipelines = [10, 250, 1_000].map((cells) => reading(matrixSteps(cells)));
  const [few, some, many] = await threadTimes(pipelines);
  const each = (many! - few!) / 990;
  const before = (some! - few!) / 240;
  return {
    what: 'a matrix of 1,000 cells planned, per cell',
    ours: ms(each),
    against: `${ms(before)} each of 250 cells`,
    ratio: times(each / before),
    atMost: '1.5 x',
    held: each / before <= 1.5,
  };
}

function reading(pipeline: object): () => Promise<void> {
  const source = toSource('bench.yaml', stringify(pipeline));
  return async () => {
    if (!(await readHarness(source)).ok) throw new Error('it cannot be read');
  };
}

/** The processor time that each takes of the main thread, in one process and by turns: medians. */
async function threadTimes(works: readonly (() => unknown)[]): Promise<number[]> {
  const taken = works.map((): number[] => []);
  for (let round = 0; round < 25; round += 1) {
    for (const [index, work] of works.entries()) {
      const before = process.threadCpuUsage();
      await work();
      const { user, system } = process.threadCpuUsage(before);
      taken[index]!.push((user + system) / 1_000);
    }
  }
  return taken.map(median);
}

const readingRow = (what: string, ours: number, bare: number): Row => ({
  what,
  ours: ms(ours),
  against: `${ms(bare)} \`JSON.parse\` of the same data`,
  ratio: times(ours / bare),
  atMost: '10 x',
  held: ours / bare <= 10,
});
