import { ms, times } from '../bench.ts';
import { medianTimes } from '../measure.ts';
import { idleSteps } from '../pipelines.ts';

import type { Bench, Row } from '../bench.ts';

/** What one more step costs, start-up taken out: a hundred steps less one, by ninety-nine. */
export async function steps(bench: Bench): Promise<Row[]> {
  const loop = [bench.node, bench.program('spawn-loop.js')] as const;
  const [hundred, one, bareHundred, bareOne] = await medianTimes(9, [
    bench.continuo('exec', bench.file('hundred.yaml', idleSteps(100))),
    bench.continuo('exec', bench.file('one.yaml', idleSteps(1))),
    { argv: [...loop, '100'] },
    { argv: [...loop, '1'] },
  ]);
  const ours = (hundred! - one!) / 99;
  const bare = (bareHundred! - bareOne!) / 99;
  return [
    {
      what: '100 sequential `true` steps, per step',
      ours: ms(ours),
      against: `${ms(bare)} a bare Node loop spawning \`sh -c :\``,
      ratio: times(ours / bare),
      atMost: '1.5 x',
      held: ours / bare <= 1.5,
    },
  ];
}
