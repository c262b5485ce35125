import { stringify } from 'yaml';

import { ms, times } from '../bench.ts';
import { expressionSteps, matrixSteps } from '../harness-pipelines.ts';
import { medianTimes } from '../measure.ts';

import type { Bench, Row } from '../bench.ts';

const rounds = 7;
const parses = 100;

/** What it costs to read and plan a Harness pipeline, start-up taken out: a large file less a small one. */
export async function harness(bench: Bench): Promise<Row[]> {
  return [await reading(bench), await copying(bench)];
}

async function reading(bench: Bench): Promise<Row> {
  const large = expressionSteps(1_000);
  const json = bench.file('thousand.json', JSON.stringify(large));
  const parse = [bench.node, bench.program('parse-json.js'), json] as const;
  const [thousand, one, parsed, none] = await medianTimes(rounds, [
    bench.continuo('validate', bench.file('thousand.yaml', stringify(large))),
    bench.continuo('validate', bench.file('one-step.yaml', stringify(expressionSteps(1)))),
    { argv: [...parse, String(parses)] },
    { argv: [...parse, '0'] },
  ]);
  const ours = thousand! - one!;
  const bare = (parsed! - none!) / parses;
  return {
    what: 'a Harness pipeline of 1,000 steps with 5,000 expressions, read and planned',
    ours: ms(ours),
    against: `${ms(bare)} \`JSON.parse\` of the same data`,
    ratio: times(ours / bare),
    atMost: '10 x',
    held: ours / bare <= 10,
  };
}

/** Time that grows with the number of cells makes every cell cost the same. */
async function copying(bench: Bench): Promise<Row> {
  const cells = [10, 250, 1_000];
  const [few, some, many] = await medianTimes(
    rounds,
    cells.map((count) =>
      bench.continuo('validate', bench.file(`cells-${count}.yaml`, stringify(matrixSteps(count)))),
    ),
  );
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
