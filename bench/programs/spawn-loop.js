// The least that running commands one after the other can cost in Node: spawn-loop.js TIMES
import { spawn } from 'node:child_process';
import { once } from 'node:events';

for (let times = Number(process.argv[2]); times > 0; times -= 1) {
  await once(spawn('sh', ['-c', ':']), 'close');
}
