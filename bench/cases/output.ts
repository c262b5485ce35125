import { join } from 'node:path';

import { megabytes, ms, times } from '../bench.ts';
import { measure, median } from '../measure.ts';
import { oneStep } from '../pipelines.ts';

import type { Bench, Row } from '../bench.ts';

const hundredMegabytes = `yes '${'x'.repeat(49)}' | head -c 100000000`;

/** Output at full speed, kept in the journal and printed to nowhere. */
export async function output(bench: Bench): Promise<Row[]> {
  const ours = bench.continuo('exec', bench.file('output.yaml', oneStep(hundredMegabytes)));
  const kept = join(bench.folder, 'kept');
  const shell = ['sh', '-c', `sh -c "${hundredMegabytes}" | cat > '${kept}'`] as const;
  const ourTimes: number[] = [];
  const shellTimes: number[] = [];
  let peakBytes = 0;
  for (let round = 0; round < 5; round += 1) {
    const run = await measure(ours);
    ourTimes.push(run.ms);
    peakBytes = Math.max(peakBytes, run.peakBytes);
    shellTimes.push((await measure({ argv: shell })).ms);
  }
  const ratio = median(ourTimes) / median(shellTimes);
  return [
    {
      what: '100 MB of 50-byte lines through a step, kept in the journal',
      ours: `${ms(median(ourTimes))}, ${megabytes(peakBytes)} of memory`,
      against: `${ms(median(shellTimes))} \`sh -c 'cmd \\| cat > file'\``,
      ratio: times(ratio),
      atMost: '6 x, 200 MB',
      held: ratio <= 6 && peakBytes < 200e6,
    },
  ];
}
