import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism, cpus, release, type } from 'node:os';
import { join } from 'node:path';

import { Bench } from './bench.ts';
import { docker } from './cases/docker.ts';
import { habits } from './cases/habits.ts';
import { harness } from './cases/harness.ts';
import { output } from './cases/output.ts';
import { ready } from './cases/ready.ts';
import { server } from './cases/server.ts';
import { services } from './cases/services.ts';
import { steps } from './cases/steps.ts';
import { validate } from './cases/validate.ts';

// Usage: npm run bench [-- part of a case's name…]

const cases = { steps, validate, ready, output, services, docker, habits, harness, server };
const wanted = process.argv.slice(2);
const chosen = Object.entries(cases).filter(
  ([name]) => wanted.length === 0 || wanted.some((part) => name.includes(part)),
);

if (!existsSync(join(import.meta.dirname, 'node_modules'))) {
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  execFileSync('npm', args, { cwd: import.meta.dirname, stdio: ['ignore', 'ignore', 'inherit'] });
}

using bench = new Bench();
console.log('| what | Continuo | against | ratio | at most | |');
console.log('| --- | --- | --- | --- | --- | --- |');
for (const [, measureCase] of chosen) {
  for (const { what, ours, against, ratio, atMost, held } of await measureCase(bench))
    console.log(
      `| ${what} | ${ours} | ${against} | ${ratio} | ${atMost} | ${held ? 'held' : 'not held'} |`,
    );
}
console.log(
  `\nMedians. ${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), ${type()} ${release()}, Node ${process.version}.\nCIX: medians of CIX 2.7.4 on two cores of another day, with Node 16 and Docker 20.10.`,
);
