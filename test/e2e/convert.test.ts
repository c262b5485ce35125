import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { Place } from '../rig/cli.ts';
import { runBoth } from '../rig/convert-runs.ts';
import { cixStories, harnessStories } from '../rig/convert-stories.ts';

describe('a pipeline of CIX runs alike in Harness', () => {
  for (const story of cixStories) it(story.shows, () => runBoth(story, 'harness'));
});

describe('a pipeline of Harness runs alike in CIX', () => {
  for (const story of harnessStories) it(story.shows, () => runBoth(story, 'cix'));
});

describe('convert', () => {
  const smallest = 'version: 2.1\npipeline:\n  - step: { name: a, commands: [echo a] }\n';

  it('writes to standard output, and nothing else there', async () => {
    await using place = new Place();
    place.file('a.yaml', smallest);
    const { code, stdout, stderr } = await place.continuo(['convert', 'a.yaml', '--to', 'harness']);
    assert.equal(code, 0);
    assert.match(stdout, /^# Made of a\.yaml by `continuo convert`\.\n\npipeline:\n/);
    assert.match(stderr, /a\.yaml:3:13 {2}warning {2}commands are not told before they run/);
    place.file('b.yaml', stdout);
    const valid = await place.continuo(['validate', 'b.yaml']);
    assert.equal(valid.stdout, 'b.yaml: valid, 1 step and 0 services\n');
  });

  it('overwrites a file only with --force', async () => {
    await using place = new Place();
    place.file('a.yaml', smallest);
    place.file('there.yaml', 'mine\n');
    const args = ['convert', 'a.yaml', '--to', 'harness', '-o', 'there.yaml'];
    const { code, stderr } = await place.continuo(args);
    assert.equal(code, 2);
    assert.equal(stderr, "continuo: error: 'there.yaml' is there already; --force overwrites it\n");
    assert.equal(readFileSync(join(place.dir, 'there.yaml'), 'utf8'), 'mine\n');
    assert.equal((await place.continuo([...args, '--force'])).code, 0);
    assert.match(readFileSync(join(place.dir, 'there.yaml'), 'utf8'), /^# Made of a\.yaml/);
  });

  it('tells what is wrong with how it is used, and writes nothing', async () => {
    await using place = new Place();
    place.file('a.yaml', smallest);
    place.file('broken.yaml', 'version: 2.1\npipeline:\n  - stepp: { name: a }\n');
    for (const [args, words] of [
      [
        ['a.yaml', '--to', 'drone'],
        "option '--to <language>' argument 'drone' is invalid. Allowed choices are cix, harness.",
      ],
      [['a.yaml'], "required option '--to <language>' not specified"],
      [['a.yaml', '--to', 'cix'], "'a.yaml' is a CIX pipeline already"],
      [['none.yaml', '--to', 'cix'], 'none.yaml  error  there is no such file'],
      [['broken.yaml', '--to', 'harness'], 'broken.yaml:3:5  error  unknown key `stepp`'],
      [['broken.yaml', '--to', 'cix'], 'broken.yaml:3:5  error  unknown key `stepp`'],
      [['a.yaml', '--to', 'harness', '-o', 'no/such.yaml'], "there is no folder 'no'"],
      [['a.yaml', '--to', 'harness', '-o', '.'], "'.' is a folder"],
    ] as const) {
      const { code, stdout, stderr } = await place.continuo([
        'convert',
        '-o',
        'made.yaml',
        ...args,
      ]);
      assert.equal(code, 2, stderr);
      assert.equal(stdout, '');
      assert.ok(stderr.includes(words), stderr);
      assert.ok(!existsSync(join(place.dir, 'made.yaml')));
    }
  });

  it('settles the inputs that are given, and keeps the others open', async () => {
    await using place = new Place();
    place.file(
      'a.yaml',
      `pipeline:
  identifier: a
  name: a
  variables:
    - { name: TAG, type: String, value: <+input> }
    - { name: WHO, type: String, value: <+input>.default(you) }
  stages:
    - stage:
        identifier: b
        name: b
        type: CI
        spec:
          platform: { os: Linux, arch: Amd64 }
          runtime: { type: Docker, spec: {} }
          execution:
            steps:
              - step: { identifier: go, name: go, type: Run, spec: { command: "echo <+pipeline.variables.TAG> <+pipeline.variables.WHO>" } }
`,
    );
    const { stdout, stderr } = await place.continuo([
      'convert',
      'a.yaml',
      '--to',
      'cix',
      '--input',
      'TAG=7',
    ]);
    assert.equal(stderr, '');
    assert.match(stdout, /\{name: TAG, value: "7"\}\n +- \{name: WHO, default: you\}/);
    place.file('b.yaml', stdout);
    const told = await place.continuo(['exec', 'b.yaml', '-e', 'WHO=me']);
    assert.match(told.stdout, /go +│ 7 me/);
  });
});
