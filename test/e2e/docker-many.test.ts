import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';

import { readJournal } from '../../src/journal/journal-reader.ts';
import { runIds } from '../../src/journal/runs.ts';
import { journalPath } from '../../src/journal/state-dir.ts';
import { ContainerPlace } from '../rig/container-place.ts';
import { dockerSuite } from '../rig/docker.ts';

const busybox = 'image: continuo-test/busybox, commands-output: minimal';

dockerSuite('many containers', () => {
  it(
    'run side by side, fifty of them, each with its own output and end',
    { timeout: 180_000 },
    async () => {
      await using place = new ContainerPlace();
      const count = 50;
      const steps = Array.from(
        { length: count },
        (_, n) => `        - step: { name: s${n}, ${busybox}, commands: ["echo I am ${n}"] }\n`,
      );
      const told = await place.exec(`version: 2.1
pipeline:
  - steps:
      name: all
      parallel: true
      pipeline:
${steps.join('')}`);
      assert.equal(told.code, 0, told.stdout + told.stderr);
      const outputs = await place.outputs();
      const said = outputs.map(({ task, bytes }) => `${task}: ${bytes.toString()}`).sort();
      const expected = Array.from({ length: count }, (_, n) => `s${n}: I am ${n}\n`).sort();
      assert.deepEqual(said, expected);
    },
  );

  it("of two runs in one folder do not get into one another's way", async () => {
    await using place = new ContainerPlace();
    const file = place.file(
      'p.yaml',
      `version: 2.1
pipeline:
  - step: { name: db, background: true, ${busybox}, commands: ['exec nc -ll -p 8000 -e echo "$WHO"'], environment: [{name: WHO}], ready: {tcp: 8000} }
  - step: { name: ask, ${busybox}, environment: [{name: WHO}], commands: ['touch here-$WHO', 'until [ -e here-one ] && [ -e here-two ]; do sleep 0.05; done', nc db 8000] }
`,
    );
    const [one, two] = await Promise.all(
      ['one', 'two'].map((who) => place.continuo(['exec', '-e', `WHO=${who}`, file])),
    );
    assert.match(one!.stdout, /ask +│ one\n/);
    assert.match(two!.stdout, /ask +│ two\n/);
    assert.deepEqual([one!.code, two!.code], [0, 0], one!.stdout + two!.stdout);
  });
});

dockerSuite('the output of a container', () => {
  it('is kept apart by stream, in order, to the last line before a crash', async () => {
    await using place = new ContainerPlace();
    const told = await place.exec(`version: 2.1
pipeline:
  - step:
      name: a
      image: continuo-test/busybox
      commands-output: minimal
      commands:
        - for n in 1 2 3 4 5 6 7 8 9; do echo out $n; echo err $n >&2; done
        - printf 'last word'; kill -9 $$
`);
    assert.equal(told.code, 1);
    const outputs = await place.outputs();
    const of = (wanted: string): string =>
      outputs
        .filter(({ stream }) => stream === wanted)
        .map(({ bytes }) => bytes.toString())
        .join('');
    const lines = (word: string): string =>
      Array.from({ length: 9 }, (_, n) => `${word} ${n + 1}\n`).join('');
    assert.equal(of('stderr'), lines('err'));
    assert.equal(of('stdout'), `${lines('out')}last word`);
  });

  it('comes through whole, 100 MB of it, in little memory', async () => {
    await using place = new ContainerPlace();
    const bytes = 100_000_000;
    const line = `${'0123456789'.repeat(5)}${'x'.repeat(49)}\n`;
    const file = place.file(
      'p.yaml',
      `version: 2.1
pipeline:
  - step: { name: a, ${busybox}, commands: ['yes ${line.trim()} | head -c ${bytes}'] }
`,
    );
    const running = place.start(['exec', '--format', 'plain', file]);
    running.child.stdout!.removeAllListeners('data').resume();
    let mostKiB = 0;
    const watching = setInterval(() => (mostKiB = Math.max(mostKiB, residentKiB(running.pid))), 50);
    assert.equal((await running.told).code, 0);
    clearInterval(watching);
    const [run] = await runIds(place.stateDir);
    const hash = createHash('sha256');
    let had = 0;
    for await (const record of readJournal(journalPath(place.stateDir, run!)))
      if (record.type === 'output') {
        had += record.bytes.length;
        hash.update(record.bytes);
      }
    assert.equal(had, bytes);
    const wanted = createHash('sha256');
    const block = Buffer.from(line.repeat(10_000));
    for (let left = bytes; left > 0; left -= block.length) wanted.update(block.subarray(0, left));
    assert.equal(hash.digest('hex'), wanted.digest('hex'));
    assert.ok(mostKiB > 0 && mostKiB < 300_000, `${mostKiB} KiB`);
  });
});

function residentKiB(pid: number): number {
  try {
    const status = readFileSync(join('/proc', String(pid), 'status'), 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
