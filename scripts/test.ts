import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { imageOf } from '../test/images/images.ts';
import { engine } from './engine/engine.ts';
import { makeImages } from './engine/make-images.ts';
import { reportExercised } from './test/exercised.ts';
import { leftOnEngine, removeFromEngine } from './test/left-on-engine.ts';
import { endProcesses, lingeringProcesses } from './test/lingering.ts';

// Usage: npm test -- [part of a test file's path…] [option of node --test…]

const root = join(import.meta.dirname, '..');
const options = process.argv.slice(2).filter((argument) => argument.startsWith('-'));
const filters = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const files = globSync(['src/**/*.test.ts', 'test/**/*.test.ts'], { cwd: root })
  .filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)))
  .sort();

if (files.length === 0) {
  console.error(`No test file has ${filters.join(' or ')} in its path.`);
  process.exit(2);
}

const docker = await engine(console.log);
if (docker.ok) {
  const failures = await makeImages(docker.value, console.log);
  for (const [name, why] of failures) console.log(`no image ${imageOf(name)}: ${why}`);
} else {
  console.log(docker.failure);
}

const home = await mkdtemp(join(tmpdir(), 'continuo-test-'));
const temporary = join(home, 'tmp');
const exercisedFile = join(home, 'exercised');
const run = randomUUID();
const startedMs = Date.now();
await mkdir(temporary);
// As open as /tmp itself: some tests run things as another user.
await chmod(home, 0o755);
await chmod(temporary, 0o1777);

// The tests get the signal too; this process stays to look at what they left.
process.on('SIGINT', () => undefined);

const tests = spawn(
  process.execPath,
  ['--test', '--test-timeout=60000', '--test-concurrency=2', ...options, ...files],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      CONTINUO_TEST_RUN: run,
      TMPDIR: temporary,
      XDG_STATE_HOME: join(home, 'state'),
      XDG_CACHE_HOME: join(home, 'cache'),
      CONTINUO_TEST_EXERCISED: exercisedFile,
    },
  },
);
const [code] = (await once(tests, 'exit')) as [number | null];
let failed = code !== 0;

const lingering = await lingeringProcesses(`CONTINUO_TEST_RUN=${run}`);
for (const { pid, command } of lingering) console.error(`left running: ${pid} ${command}`);
endProcesses(lingering);

const leftFiles = await readdir(temporary);
for (const name of leftFiles) console.error(`left in the temporary folder: ${name}`);

const onEngine = docker.ok ? await leftOnEngine(docker.value, startedMs) : [];
for (const { kind, name, labels } of onEngine)
  console.error(`left on the engine: ${kind} ${name} ${JSON.stringify(labels)}`);
await removeFromEngine(onEngine);
failed ||= lingering.length > 0 || leftFiles.length > 0 || onEngine.length > 0;

const missing = await reportExercised(exercisedFile);
if (missing && filters.length === 0 && process.env['CI'] === 'true') failed = true;

await rm(home, { recursive: true, force: true });
process.exitCode = failed ? 1 : 0;
