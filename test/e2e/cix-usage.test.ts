import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';

import { Place } from '../rig/cli.ts';

const fine = `version: 2.1
pipeline: [{step: {name: a, commands: [echo from-a]}}]
`;

const common = ['--color', '--no-color', '--silent', '-h, --help'];
const server = ['--host <host>', '--port <port>'];
const pipelines = [
  '-e, --env <mapping>',
  '-s, --secret <mapping>',
  '-w, --workspace <path>',
  '-y, --yaml <path>',
  '--setup <path>',
  '--teardown <path>',
];
const logs = ['-l, --logging <mode>', '-L, --logname <name>', '-p, --logging-path <path>'];
const load = [
  ...pipelines,
  ...logs,
  ...server,
  '-a, --pipeline-alias <alias>',
  '-c, --configfile <path>',
  '-P, --pull-policy <policy>',
  '--plugin <path>',
  '--secret-prompt <key>',
  '--secret-stdin <key>',
  '--secrets-stdin',
];
const which = ['--pipeline-id <id>', '--pipeline-alias <alias>', ...server];
const waiting = ['--non-blocking', '--no-remote-logs'];

/** Every option that CIX documents, by command. */
const options: Readonly<Record<string, readonly string[]>> = {
  exec: [...load, '--remote', ...waiting],
  load,
  validate: [...pipelines, ...server, '--remote'],
  server: [...logs, '-c, --configfile <path>', '-d, --detach', '--port <port>', '-w, --workspace'],
  pipelines: [...which, '--get-alias <alias>', '--set-alias <alias>', '--status'],
  resume: [...which, ...waiting, '--to <step>', '--next'],
  describe: [...which, '--file <location>', '--stdout', '--stderr'],
  kill: which,
  install: ['--location <location>'],
  update: [],
};

describe('cix', () => {
  it('explains itself, and every option of every command', async () => {
    await using place = new Place();
    const overview = await place.cix(['--help']);
    assert.equal(overview.code, 0);
    for (const [command, own] of Object.entries(options)) {
      assert.match(overview.stdout, new RegExp(`^ {2}${command}\\b`, 'm'));
      const told = await place.cix([command, '--help']);
      assert.equal(told.code, 0);
      for (const option of [...common, ...own])
        assert.ok(told.stdout.includes(`\n  ${option}`), `${command} ${option}`);
    }
    const help = await place.cix(['help', 'load']);
    assert.equal(help.stdout, (await place.cix(['load', '--help'])).stdout);
  });

  it('shows help and answers 1 without a command', async () => {
    await using place = new Place();
    const told = await place.cix([]);
    assert.match(told.stderr, /^Usage: cix \[options\] \[command\]/);
    assert.deepEqual([told.stdout, told.code], ['', 1]);
  });

  it('tells its version and nothing else', async () => {
    await using place = new Place();
    const told = await place.cix(['-v']);
    assert.match(told.stdout, /^\d+\.\d+\.\d+\n$/);
    assert.equal((await place.cix(['--version'])).stdout, told.stdout);
  });

  it('answers wrong usage with 1 and a sentence', async () => {
    await using place = new Place();
    const file = place.file('p.yaml', fine);
    for (const [args, says] of [
      [['exce'], /unknown command 'exce'[\s\S]*exec/],
      [['exec', file], /too many arguments/],
      [['exec', '--yml', file], /unknown option '--yml'[\s\S]*--yaml/],
      [['exec', '-y'], /argument missing/],
      [['exec', '-y', ''], /It is empty/],
      [['exec', '-y', file, '-l', 'nowhere'], /Allowed choices are console, file, files/],
      [['exec', '-y', file, '-P', 'Often'], /Always, Default, IfNotPresent, Never/],
      [['exec', '-y', file, '-e', 'A B=x'], /'A B' is no name of a variable/],
      [['exec', '-y', file, '-s', 'NOT_THERE'], /no variable NOT_THERE/],
      [['exec', '-y', file, '-w', 'nowhere'], /nowhere: there is no such folder/],
      [['exec', '-y', file, '--secret-stdin', 'A', '--secrets-stdin'], /cannot be used with/],
      [['exec', '-y', file, '--port', '0'], /It is no port/],
      [['load', '-y', file, '--set-alias', 'a', '-a', 'b'], /cannot be used with/],
      [['pipelines', '--get-alias', ''], /It is empty/],
      [['kill', '--pipeline-alias', ''], /It is empty/],
      [['describe', '--pipeline-id', ''], /It is empty/],
      [['pipelines', '--set-alias', 'a'], /--set-alias needs --pipeline-id/],
      [['pipelines', '--get-alias', 'a', '--set-alias', 'b'], /cannot be used with/],
      [['resume', '--to', 'a', '--next'], /cannot be used with/],
      [['describe', '--pipeline-id', 'a', '--pipeline-alias', 'b'], /cannot be used with/],
      [['describe', '--file', 'a', '--stdout'], /cannot be used with/],
      [['kill', 'a'], /too many arguments/],
    ] as const) {
      const told = await place.cix(args);
      assert.equal(told.code, 1, `${args.join(' ')}: ${told.stderr}`);
      assert.match(told.stderr, says);
      assert.equal(told.stdout, '');
      assert.doesNotMatch(told.stderr, /\n\s+at /, 'no stack trace');
    }
  });

  it('answers an invalid pipeline with 2, whichever command finds it', async () => {
    await using place = new Place();
    for (const yaml of [fine.replace('commands', 'comands'), 'a: [', '', undefined]) {
      const file = yaml === undefined ? 'missing.yaml' : place.file('bad.yaml', yaml);
      const [validated, executed] = [
        await place.cix(['validate', '-y', file]),
        await place.cix(['exec', '-y', file]),
      ];
      assert.deepEqual([validated.code, executed.code], [2, 2]);
      assert.equal(executed.stderr, validated.stderr);
      assert.match(executed.stderr, /(bad|missing)\.yaml/);
      assert.equal(executed.stdout + validated.stdout, '');
    }
  });

  it('validates every file of a chain', async () => {
    await using place = new Place();
    for (const name of ['setup', 'a', 'b', 'teardown']) place.file(`${name}.yaml`, fine);
    const files = ['--setup', 'setup.yaml', '-y', 'a.yaml', '--yaml', 'b.yaml'];
    const args = ['validate', ...files, '--teardown', 'teardown.yaml'];
    const told = await place.cix(args);
    assert.deepEqual(
      told.stdout.split('\n').map((line) => line.replace(/:.*/, '')),
      ['setup.yaml', 'a.yaml', 'b.yaml', 'teardown.yaml', ''],
    );
    place.file('teardown.yaml', '');
    assert.equal((await place.cix(args)).code, 2);
  });

  it('answers 5 where there is no engine', async () => {
    await using place = new Place();
    const yaml = fine.replace('name: a,', 'name: a, image: busybox,');
    const env = { DOCKER_HOST: `unix://${place.dir}/nobody.sock` };
    const told = await place.cix(['exec', '-y', place.file('p.yaml', yaml)], env);
    assert.match(told.stderr, /^cix: error: /);
    assert.equal(told.code, 5);
  });
});

describe('cix install', () => {
  it('prints a shell script that installs the package', async () => {
    await using place = new Place();
    for (const args of [['install'], ['update']]) {
      const { stdout, code } = await place.cix(args);
      assert.equal(code, 0);
      const commands = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
      assert.deepEqual(
        commands.map((line) => line.replace('@latest', '')),
        ['npm install -g continuo'],
      );
    }
  });

  it('writes a script that runs this installation, in the place of any other', async () => {
    await using place = new Place();
    const folder = join(place.dir, "it's a folder");
    mkdirSync(folder);
    const other = place.file('other', 'the other one');
    symlinkSync(other, join(folder, 'cix'));
    const told = await place.cix(['install', '--location', folder]);
    assert.equal(told.stdout, `${folder}/cix runs this installation\n`);
    assert.equal(readFileSync(other, 'utf8'), 'the other one');
    assert.equal(statSync(join(folder, 'cix')).mode & 0o777, 0o755);
    place.file('my p.yaml', fine);
    const args = ['validate', '-y', 'my p.yaml'];
    const env = { PATH: '/usr/bin:/bin', HOME: place.dir };
    const valid = execFileSync(join(folder, 'cix'), args, { cwd: place.dir, env });
    assert.equal(valid.toString(), 'my p.yaml: valid, 1 step and 0 services\n');
  });

  it('says where it cannot be written', async () => {
    await using place = new Place();
    writeFileSync(join(place.dir, 'file'), '');
    for (const location of ['nowhere', 'file']) {
      const told = await place.cix(['install', '--location', location]);
      const path = join(place.dir, location, 'cix');
      assert.equal(told.stderr, `cix: error: cannot write ${path}: there is no such folder\n`);
      assert.equal(told.code, 5);
      assert.ok(dirname(path).endsWith(location));
    }
  });
});
