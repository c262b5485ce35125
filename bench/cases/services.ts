import { ms, times } from '../bench.ts';
import { medianTimes } from '../measure.ts';
import { services as pipeline } from '../pipelines.ts';

import type { Bench, Row } from '../bench.ts';

/** Whole runs: services started, ready, one step, all stopped. */
export async function services(bench: Bench): Promise<Row[]> {
  const [hundred, one] = await medianTimes(7, [
    bench.continuo('exec', bench.file('hundred-services.yaml', pipeline(100))),
    bench.continuo('exec', bench.file('one-service.yaml', pipeline(1))),
  ]);
  return [
    {
      what: '100 services started, ready, stopped',
      ours: ms(hundred!),
      against: `${ms(one!)} one service`,
      ratio: times(hundred! / one!),
      atMost: '15 x',
      held: hundred! / one! <= 15,
    },
  ];
}
