import { cix, ms, times } from '../bench.ts';
import { medianTimes } from '../measure.ts';
import { idleSteps } from '../pipelines.ts';

import type { Bench, Row } from '../bench.ts';

/** The whole process of `continuo validate`, beside the least that a Node process can be. */
export async function validate(bench: Bench): Promise<Row[]> {
  const [ours, node] = await medianTimes(25, [
    bench.continuo('validate', bench.file('ten.yaml', idleSteps(10))),
    { argv: [bench.node, '-e', '0'] },
  ]);
  return [
    {
      what: 'a 10-step file read by `continuo validate`, whole process',
      ours: ms(ours!),
      against: `${ms(node!)} \`node -e 0\` ${cix('0.77 s')}`,
      ratio: times(ours! / node!),
      atMost: '3 x',
      held: ours! / node! <= 3,
    },
  ];
}
