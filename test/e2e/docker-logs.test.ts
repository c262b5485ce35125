import assert from 'node:assert/strict';
import { it } from 'node:test';

import { ContainerPlace } from '../rig/container-place.ts';
import { dockerSuite } from '../rig/docker.ts';

const busybox = 'image: continuo-test/busybox, commands-output: minimal';

/** What the terminal showed of a step, without the name before each line. */
const shown = (stdout: string, step: string): string[] =>
  stdout.split('\n').flatMap((line) => new RegExp(`^ *${step} +│ (.*)$`).exec(line)?.[1] ?? []);

dockerSuite('what a container wrote', () => {
  it('is what the run has and shows, line by line, however fast it came', async () => {
    await using place = new ContainerPlace();
    const told = await place.exec(`version: 2.1
pipeline:
  - step: { name: fast, ${busybox}, commands: [seq 1 200000] }
`);
    assert.equal(told.code, 0);
    const lines = Array.from({ length: 200_000 }, (_, n) => String(n + 1));
    // Compared as a whole: a difference would be told of with all of it.
    assert.ok((await place.output('fast')) === `${lines.join('\n')}\n`);
    assert.ok(shown(told.stdout, 'fast').join('\n') === lines.join('\n'));
  });

  it('is kept of each of forty short steps in a row', { timeout: 180_000 }, async () => {
    await using place = new ContainerPlace();
    const names = Array.from({ length: 40 }, (_, n) => `s${n}`);
    const told = await place.exec(`version: 2.1
pipeline:
${names.map((name) => `  - step: { name: ${name}, ${busybox}, commands: ["echo I am ${name}; echo err >&2"] }\n`).join('')}`);
    assert.equal(told.code, 0);
    const said = new Map(names.map((name) => [name, { stdout: '', stderr: '' }]));
    for (const { task, stream, bytes } of await place.outputs())
      said.get(task)![stream] += bytes.toString();
    for (const [name, output] of said)
      assert.deepEqual(output, { stdout: `I am ${name}\n`, stderr: 'err\n' }, name);
  });

  it('keeps its characters, wherever it was cut on the way', async () => {
    await using place = new ContainerPlace();
    const line = 'ä€😀 z\u0301 漢字 ';
    const count = 60_000;
    const told = await place.exec(`version: 2.1
pipeline:
  - step:
      name: wide
      image: continuo-test/busybox
      commands-output: minimal
      commands:
        - yes '${line}|' | head -n ${count}
        - for byte in 360 237 230; do printf "\\\\$byte"; sleep 0.1; done; printf '\\200\\n'
`);
    assert.equal(told.code, 0);
    assert.ok((await place.output('wide')) === `${`${line}|\n`.repeat(count)}😀\n`);
    assert.ok(!told.stdout.includes('\uFFFD'));
    assert.deepEqual(shown(told.stdout, 'wide').slice(-2), [`${line}|`, '😀']);
  });
});
