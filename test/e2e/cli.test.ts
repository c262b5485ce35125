import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { Place, nobody } from '../rig/cli.ts';

const fine = `version: 2.1
pipeline:
  - step: {name: a, commands: [echo from-a]}
  - step: {name: b, commands: [echo from-b]}
`;

describe('the command line', () => {
  it('explains itself and each of its commands, with examples', async () => {
    await using place = new Place();
    const overview = await place.continuo(['--help']);
    assert.equal(overview.code, 0);
    for (const command of ['exec', 'validate', 'logs', 'runs', 'schema']) {
      assert.match(overview.stdout, new RegExp(`^ {2}${command}\\b`, 'm'));
      const told = await place.continuo([command, '--help']);
      assert.equal(told.code, 0);
      assert.match(told.stdout, new RegExp(`Examples:\\n {2}continuo ${command}`));
    }
  });

  it('tells its version', async () => {
    await using place = new Place();
    const { version } = JSON.parse(
      readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8'),
    ) as { version: string };
    assert.equal((await place.continuo(['--version'])).stdout, `${version}\n`);
  });

  it('answers wrong usage with 2 and a sentence', async () => {
    await using place = new Place();
    for (const [args, says] of [
      [['exce', 'x'], /unknown command 'exce'[\s\S]*exec/],
      [
        ['exec'],
        /no pipeline file is named, and there is no cix\.yaml and no \.harness\/pipeline\.yaml here/,
      ],
      [['exec', '--formt', 'x'], /unknown option '--formt'[\s\S]*--format/],
      [['exec', '--format', 'xml', 'x'], /Allowed choices are auto, plain, json/],
      [['exec', '--format', 'live', 'x'], /Allowed choices are/],
      [['exec', '-e', 'A B=x', place.file('p.yaml', fine)], /'A B' is no name of a variable/],
      [['exec', '-s', 'NOT_THERE', place.file('p.yaml', fine)], /no variable NOT_THERE/],
      [['exec', 'missing.yaml'], /missing\.yaml/],
      [['exec', '.'], /folder|directory/],
      [['logs', 'nothing'], /no run/],
      [['exec', '-w', 'nowhere', place.file('p.yaml', fine)], /nowhere: there is no such folder/],
    ] as const) {
      const told = await place.continuo(args);
      assert.equal(told.code, 2, `${args.join(' ')}: ${told.stderr}`);
      assert.match(told.stderr, says);
      assert.equal(told.stdout, '');
      assert.doesNotMatch(told.stderr, /\n\s+at /, 'no stack trace');
    }
  });

  it('finds every mistake of every file before anything starts', async () => {
    await using place = new Place();
    const good = place.file('good.yaml', fine);
    const bad = place.file('bad.yaml', fine.replace('commands: [echo from-b]', 'comands: [x]'));
    const told = await place.continuo(['exec', good, bad]);
    assert.equal(told.code, 2);
    assert.match(told.stderr, /bad\.yaml:4:\d+/);
    assert.match(told.stderr, /commands/);
    assert.equal(told.stdout, '');
    const validated = await place.continuo(['validate', '--format', 'json', good, bad]);
    assert.equal(validated.code, 2);
    const report = JSON.parse(validated.stdout) as { valid: boolean; diagnostics: unknown[] };
    assert.equal(report.valid, false);
    assert.ok(report.diagnostics.length > 0);
    assert.match((await place.continuo(['validate', good])).stdout, /good\.yaml: valid, 2 steps/);
  });

  it('refuses what this machine cannot do before anything starts', async () => {
    await using place = new Place();
    const yaml = fine.replace('name: b,', 'name: b, image: "redis:7",');
    const told = await place.continuo([
      'exec',
      '--executor',
      'host',
      place.file('pipeline.yaml', yaml),
    ]);
    assert.equal(told.code, 3);
    assert.match(told.stderr, /pipeline\.yaml:4:\d+.*step 'b' needs Docker/);
    assert.equal(told.stdout, '');
  });

  it('runs several files one after the other, up to the first that fails', async () => {
    await using place = new Place();
    const file = (name: string, command: string): string =>
      place.file(
        `${name}.yaml`,
        `version: 2.1\npipeline: [{step: {name: ${name}, commands: [${command}]}}]\n`,
      );
    const told = await place.continuo([
      'exec',
      file('one', 'echo 1'),
      file('two', 'exit 5'),
      file('three', 'echo 3'),
    ]);
    assert.equal(told.code, 1);
    assert.match(told.stdout, /^one {2}[^]*^two {2}/m);
    assert.doesNotMatch(told.stdout, /^three /m);
    assert.match(
      told.stdout,
      /chain failed after .*: \S*two.yaml failed, \S*three.yaml was skipped\n$/,
    );
  });

  it('tells every event as one line of JSON, and nothing else', async () => {
    await using place = new Place();
    const told = await place.exec(fine, ['--format', 'json']);
    assert.equal(told.code, 0);
    const lines = told.stdout.trimEnd().split('\n');
    const events = lines.map((line) => JSON.parse(line) as { type: string; text?: string });
    assert.equal(events[0]?.type, 'run.started');
    assert.equal(events.at(-1)?.type, 'run.ended');
    assert.ok(events.some(({ type, text }) => type === 'output' && text === 'from-a'));
  });

  it('remembers runs, and what they printed', async () => {
    await using place = new Place();
    assert.match((await place.continuo(['runs'])).stderr, /No runs/);
    await place.exec(fine);
    const [line] = (await place.continuo(['runs'])).stdout.split('\n');
    assert.match(line!, /^\d{8}-\d{6}-\w{5} {2}succeeded .* pipeline$/);
    const id = line!.split(' ')[0]!;
    const json = JSON.parse((await place.continuo(['runs', '--format', 'json'])).stdout) as object;
    assert.ok('id' in json && json.id === id);
    assert.match((await place.continuo(['logs', id.slice(0, 10), 'b'])).stdout, /from-b/);
    assert.doesNotMatch((await place.continuo(['logs', 'latest', 'b'])).stdout, /from-a/);
    assert.match((await place.continuo(['logs'])).stdout, /from-a[\s\S]*from-b/);
    const unknown = await place.continuo(['logs', 'latest', 'bb']);
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /'bb'.*did you mean.*b\b/);
  });

  it('follows a run that goes on', async () => {
    await using place = new Place();
    const file = place.file('p.yaml', fine.replace('echo from-b', 'sleep 0.5; echo from-b'));
    const running = place.start(['exec', file]);
    await running.printed(/from-a/);
    const followed = await place.continuo(['logs', '-f']);
    assert.match(followed.stdout, /from-a[\s\S]*from-b/);
    assert.equal((await running.told).code, 0);
  });

  it('prints a JSON Schema of each language', async () => {
    await using place = new Place();
    for (const [words, id] of [
      [[], 'urn:continuo:cix-2.1'],
      [['cix'], 'urn:continuo:cix-2.1'],
      [['harness'], 'urn:continuo:harness'],
    ] as const) {
      const told = await place.continuo(['schema', ...words]);
      const schema = JSON.parse(told.stdout) as { $schema: string; $id: string };
      assert.match(schema.$schema, /2020-12/);
      assert.equal(schema.$id, id);
    }
    assert.equal((await place.continuo(['schema', 'gitness'])).code, 2);
  });

  it('keeps the state where XDG says, private', async () => {
    await using place = new Place();
    const xdg = join(place.dir, 'xdg');
    const env = { CONTINUO_STATE_DIR: '', XDG_STATE_HOME: xdg };
    await place.continuo(['exec', place.file('p.yaml', fine)], env);
    const [run] = readdirSync(join(xdg, 'continuo', 'runs'));
    assert.match(run!, /^\d{8}-/);
    const told = await place.continuo(['runs', '--state-dir', join(xdg, 'continuo')]);
    assert.match(told.stdout, /succeeded/);
  });

  it('lets old runs go', async () => {
    await using place = new Place();
    for (let index = 0; index < 60; index++) {
      const folder = join(
        place.stateDir,
        'runs',
        `20200101-0000${String(index).padStart(2, '0')}-2abcd`,
      );
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'journal'), '');
      utimesSync(folder, 0, 0);
    }
    await place.exec(fine);
    assert.ok(readdirSync(join(place.stateDir, 'runs')).length <= 51);
  });

  it('survives a reader that goes away', async () => {
    await using place = new Place();
    const file = place.file('p.yaml', fine.replace('echo from-b', 'seq 200000'));
    const running = place.start(['exec', file]);
    running.child.stdout!.once('data', () => running.child.stdout!.destroy());
    assert.equal((await running.told).code, 0);
    const listing = place.start(['runs', '--format', 'json']);
    listing.child.stdout!.destroy();
    const told = await listing.told;
    assert.equal(told.code, 0);
    assert.equal(told.stderr, '');
  });
});

describe('a state folder that cannot be used', () => {
  it('is told before anything starts', async () => {
    await using place = new Place();
    const blocked = place.file('blocked', 'a file');
    const told = await place.exec(fine, ['--state-dir', join(blocked, 'state')]);
    assert.equal(told.code, 3);
    assert.match(told.stderr, /blocked.*--state-dir/);
    assert.equal(told.stdout, '');
  });

  it('for lack of permission, too', async () => {
    await using place = new Place(process.getuid?.() === 0 ? nobody : undefined);
    mkdirSync(place.stateDir);
    chmodSync(place.stateDir, 0o500);
    const told = await place.exec(fine);
    chmodSync(place.stateDir, 0o700);
    assert.equal(told.code, 3);
    assert.match(told.stderr, /permission denied.*--state-dir/);
  });

  it('because the disk fills up ends the run in order, and says why', async (t) => {
    await using place = new Place();
    const disk = join(place.dir, 'disk');
    mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk], { stdio: 'pipe' });
    } catch {
      t.skip('no permission to mount');
      return;
    }
    try {
      const file = place.file(
        'p.yaml',
        `version: 2.1
pipeline:
  - step: {name: db, background: true, commands: ["sh -c 'sleep 1000; true' ${place.mark}"]}
  - step: {name: talk, commands: ["seq 2000000; sleep 1000"]}
`,
      );
      const told = await place.continuo(['exec', '--state-dir', join(disk, 'state'), file]);
      assert.equal(told.code, 1, told.stderr);
      assert.match(told.stdout + told.stderr, /no space is left.*--state-dir/);
      assert.deepEqual(place.leftovers(), []);
    } finally {
      execFileSync('umount', [disk]);
    }
  });
});
