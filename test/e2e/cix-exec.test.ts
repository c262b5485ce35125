import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { Place } from '../rig/cli.ts';

const small = `version: 2.1
pipeline:
  - step: {name: one, commands-output: echo, commands: [echo from-one]}
  - steps:
      name: checks
      pipeline:
        - step: {name: two-with-a-name-that-is-long, commands-output: minimal, commands: [echo "from two" >&2]}
`;

const failing = `version: 2.1
pipeline:
  - step: {name: breaks, commands-output: minimal, commands: [echo no, exit 7]}
  - step: {name: after, commands: [echo never]}
`;

/** What differs from run to run, replaced. */
const steady = (text: string): string =>
  text
    .replaceAll(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d/gm, 'TIME')
    .replaceAll(/\d{8}-\d{6}-\w{5}/g, 'RUN')
    .replaceAll(/Pipeline [0-9a-f]{8}/g, 'Pipeline SHORT');

const golden = `TIME  INFO \tStarting Pipeline: RUN
TIME  INFO \tStarting serial step group 'Pipeline SHORT'
TIME  INFO \tStarting step 'one'
one                  | + echo from-one
one                  | from-one
TIME  INFO \tSuccessfully completed step 'one'
TIME  INFO \tStarting serial step group 'checks'
TIME  INFO \tStarting step 'two-with-a-name-that-is-long'
two-with-a-name-tha~ | from two
TIME  INFO \tSuccessfully completed step 'two-with-a-name-that-is-long'
TIME  INFO \tCompleted serial step group 'checks'
TIME  INFO \tCompleted serial step group 'Pipeline SHORT'
TIME  INFO \tPipeline completed successfully
`;

const logs = (place: Place, folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(join(place.dir, folder)).map((name) => [
      name.replace(/-[0-9a-f]{8}-/, '-SHORT-'),
      readFileSync(join(place.dir, folder, name), 'latin1'),
    ]),
  );

describe('cix exec', () => {
  it("shows a run on CIX's console, and nothing else", async () => {
    await using place = new Place();
    const told = await place.cix(['exec', '-y', place.file('p.yaml', small)]);
    assert.equal(steady(told.stdout), golden);
    assert.equal(told.stderr, '');
    assert.equal(told.code, 0);
  });

  it('takes cix.yaml when no file is named, and takes the command twice', async () => {
    await using place = new Place();
    place.file('cix.yaml', small);
    for (const args of [['exec'], ['exec', 'exec'], ['exec', 'exec', '--yaml', 'cix.yaml']]) {
      const told = await place.cix(args);
      assert.equal(steady(told.stdout), golden);
      assert.equal(told.code, 0);
    }
  });

  it('tells why a run failed, and answers 3', async () => {
    await using place = new Place();
    const told = await place.cix(['exec', '-y', place.file('p.yaml', failing)]);
    assert.equal(
      steady(told.stdout),
      `TIME  INFO \tStarting Pipeline: RUN
TIME  INFO \tStarting serial step group 'Pipeline SHORT'
TIME  INFO \tStarting step 'breaks'
breaks               | no
TIME  ERROR\tStep 'breaks' failed with exit code 7
TIME  INFO \tSkipping step 'after'
TIME  ERROR\tPipeline failed: step 'breaks' failed with exit code 7
`,
    );
    assert.equal(told.code, 3);
  });

  it('says nothing at all when it is to be silent', async () => {
    await using place = new Place();
    const [good, bad] = [place.file('good.yaml', small), place.file('bad.yaml', failing)];
    for (const [args, code] of [
      [['exec', '-y', good], 0],
      [['exec', '-y', bad], 3],
      [['exec', '-y', 'nowhere.yaml'], 2],
      [['exec', '-y', good, '-w', 'nowhere'], 1],
      [['exec', '-y', good, '-s', 'A=b', '-l', 'file'], 0],
      [['validate', '-y', good], 0],
      [['kill'], 4],
    ] as const) {
      const told = await place.cix([...args, '--silent']);
      assert.deepEqual([told.stdout, told.stderr, told.code], ['', '', code], args.join(' '));
    }
    assert.match(logs(place, 'logs')['cix-execution.log']!, /Pipeline completed successfully/);
  });

  it('logs as much as LOG_LEVEL says, in any case', async () => {
    await using place = new Place();
    const args = ['exec', '-y', place.file('p.yaml', failing)];
    const told = await place.cix(args, { LOG_LEVEL: 'ERROR' });
    assert.equal(
      steady(told.stdout),
      `breaks               | no
TIME  ERROR\tStep 'breaks' failed with exit code 7
TIME  ERROR\tPipeline failed: step 'breaks' failed with exit code 7
`,
    );
    assert.match(
      (await place.cix(args, { LOG_LEVEL: 'silly' })).stdout,
      / SILLY\t\{.*"type":"run.started"/,
    );
    const loud = await place.cix(args, { LOG_LEVEL: 'loud' });
    assert.match(loud.stderr, /^cix: warning: LOG_LEVEL=loud: it is none of silly, /);
    assert.equal(loud.code, 3);
  });

  it('has colours only where somebody wants them', async () => {
    await using place = new Place();
    const file = place.file('p.yaml', small);
    const isColourful = async (args: string[], env = {}): Promise<boolean> =>
      (await place.cix(['exec', '-y', file, ...args], env)).stdout.includes('\x1b[');
    assert.equal(await isColourful([]), false);
    assert.equal(await isColourful([], { GITHUB_ACTIONS: 'true' }), false);
    assert.equal(await isColourful(['--color']), true);
    assert.equal(await isColourful(['--no-color', '--color']), false);
    assert.equal(await isColourful(['--color', '--no-color']), false);
  });

  it('writes log files beside the console, byte by byte', async () => {
    await using place = new Place();
    const bytes = String.raw`printf 'a\000\377\033[31m\r\n\n  x '; printf tail >&2`;
    const yaml = `version: 2.1
pipeline:
  - step: {name: db, background: true, commands-output: minimal, commands: ["trap 'echo bye; exit 0' TERM; echo up; sleep 1000 & wait"]}
  - step:
      name: raw
      commands-output: minimal
      commands:
        - |
          ${bytes}
  - step: {name: secret, environment: [{name: TOKEN}], commands-output: minimal, commands: [echo "$TOKEN"]}
`;
    const file = place.file('p.yaml', yaml);
    const args = ['exec', '-y', file, '-s', 'TOKEN'];
    const env = { TOKEN: 'sesame-open' };
    const told = await place.cix([...args, '--logging', 'files'], env);
    assert.equal(told.code, 0, told.stdout);
    const {
      'cix-execution.log': log = '',
      '02-cix-SHORT-raw.log': raw = '',
      ...rest
    } = logs(place, 'logs');
    assert.equal(log, told.stdout.replaceAll(/^.{20} \| .*\n/gm, ''));
    // The order of the two streams is that in which they were read.
    const printed = 'a\0\xff\x1b[31m\r\n\n  x ';
    assert.ok([`${printed}tail`, `tail${printed}`].includes(raw), JSON.stringify(raw));
    const { '03-cix-SHORT-secret.log': secret, ...db } = rest;
    assert.equal(secret, '********\n');
    assert.deepEqual(db, { '01-cix-SHORT-db.log': 'up\nbye\n' });
  });

  it('writes one log file with everything, wherever it is to be, and adds to it', async () => {
    await using place = new Place();
    const file = place.file('p.yaml', small);
    const args = ['exec', '-y', file, '-l', 'file', '-L', 'mine.log', '-p', 'deep/down'];
    const first = await place.cix(args);
    assert.deepEqual(logs(place, 'deep/down'), { 'mine.log': first.stdout });
    const second = await place.cix([...args, '--color']);
    assert.ok(second.stdout.includes('\x1b['));
    const whole = logs(place, 'deep/down')['mine.log']!;
    assert.equal(steady(whole), golden + golden);
  });

  it('has log files where continuo writes them, too, and both add to one', async () => {
    await using place = new Place();
    const file = place.file('p.yaml', small);
    const flags = ['-y', file, '-l', 'file', '-p', '.', '-L', 'both.log'];
    assert.equal((await place.continuo(['exec', ...flags])).code, 0);
    const [one, other] = await Promise.all([
      place.cix(['exec', ...flags]),
      place.cix(['exec', ...flags]),
    ]);
    assert.deepEqual([one.code, other.code], [0, 0]);
    const lines = steady(readFileSync(join(place.dir, 'both.log'), 'utf8'))
      .split('\n')
      .slice(0, -1);
    const thrice = golden
      .split('\n')
      .slice(0, -1)
      .flatMap((line) => [line, line, line]);
    assert.deepEqual(lines.toSorted(), thrice.toSorted());
  });

  it('has in its log file what is said of a chain, and what is wrong with its files', async () => {
    await using place = new Place();
    place.file('good.yaml', small);
    const chain = [
      '-y',
      'good.yaml',
      '-y',
      'nofile.yaml',
      '-y',
      'good.yaml',
      '--teardown',
      'good.yaml',
    ];
    const logged = [...chain, '-l', 'file', '-s', 'T=nofile'];
    const lines = `TIME  INFO \tExecuting pipeline 1 of 4: good.yaml
${golden}TIME  INFO \tExecuting pipeline 2 of 4: ********.yaml
TIME  ERROR\t********.yaml: there is no such file
TIME  WARN \tSkipping pipeline 3 of 4: good.yaml
TIME  INFO \tExecuting pipeline 4 of 4: good.yaml
${golden}TIME  ERROR\tExecution failed: ********.yaml invalid
`;
    const told = await place.cix(['exec', ...logged]);
    assert.equal(told.code, 2);
    assert.match(told.stderr, /there is no such file/);
    assert.equal(steady(told.stdout), lines.replace(/^.*no such file\n/m, ''));
    assert.equal(steady(logs(place, 'logs')['cix-execution.log']!), lines);

    const silent = await place.cix(['exec', '--silent', ...logged, '-p', 'silent']);
    assert.deepEqual([silent.code, silent.stdout, silent.stderr], [2, '', '']);
    assert.equal(steady(logs(place, 'silent')['cix-execution.log']!), lines);

    const ours = await place.continuo(['exec', ...logged, '-p', 'ours']);
    assert.equal(ours.code, 2);
    assert.equal(steady(logs(place, 'ours')['cix-execution.log']!), lines);
  });

  it('has in its log file why nothing ran, also when it is silent', async () => {
    await using place = new Place();
    place.file('broken.yaml', 'version: 2.1\npipeline: [{stp: {name: a}}]\n');
    for (const mode of ['file', 'files']) {
      const args = ['exec', '--silent', '-y', 'broken.yaml', '-l', mode, '-p', mode];
      const told = await place.cix(args);
      assert.deepEqual([told.code, told.stdout, told.stderr], [2, '', '']);
      const { 'cix-execution.log': log = '', ...others } = logs(place, mode);
      assert.match(steady(log), /^(TIME {2}ERROR\tbroken\.yaml:2:\d+: .*stp.*\n)+$/);
      assert.deepEqual(others, {});
    }
  });

  it('refuses log files that cannot be written before anything starts', async () => {
    await using place = new Place();
    place.file('logs', 'a file');
    const told = await place.cix(['exec', '-y', place.file('p.yaml', small), '-l', 'files']);
    assert.match(told.stderr, /^cix: error: cannot write log files: /);
    assert.equal(told.stdout, '');
    assert.equal(told.code, 5);
  });

  it('loses nothing of 100,000 lines in its files', async () => {
    await using place = new Place();
    const yaml = `version: 2.1
pipeline: [{step: {name: many, commands-output: minimal, commands: [seq 100000]}}]
`;
    const all = Array.from({ length: 100_000 }, (_, index) => `${index + 1}\n`).join('');
    const told = await place.cix(['exec', '-y', place.file('p.yaml', yaml), '-l', 'files']);
    assert.equal(told.code, 0);
    assert.equal(logs(place, 'logs')['01-cix-SHORT-many.log'], all);
    const shown = told.stdout.split('\n').filter((line) => line.startsWith('many '));
    assert.equal(shown.length, 100_000);
  });

  it('tells of a chain which file it is at, and what became of all of them', async () => {
    await using place = new Place();
    place.file('good.yaml', small);
    place.file('bad.yaml', failing);
    place.file(
      '.cixconfig',
      'logging: {mode: files, path: kept}\npipelines: [bad.yaml, good.yaml]\n',
    );
    const around = ['--setup', 'good.yaml', '--teardown', 'good.yaml'];
    const told = await place.cix(['exec', ...around], { LOG_LEVEL: 'info' });
    assert.equal(told.code, 3);
    const lines = steady(told.stdout)
      .split('\n')
      .filter((line) => /pipeline \d|Execution|Pipeline (?:failed|completed)/.test(line));
    assert.deepEqual(lines, [
      'TIME  INFO \tExecuting pipeline 1 of 4: good.yaml',
      'TIME  INFO \tPipeline completed successfully',
      'TIME  INFO \tExecuting pipeline 2 of 4: bad.yaml',
      "TIME  ERROR\tPipeline failed: step 'breaks' failed with exit code 7",
      'TIME  WARN \tSkipping pipeline 3 of 4: good.yaml',
      'TIME  INFO \tExecuting pipeline 4 of 4: good.yaml',
      'TIME  INFO \tPipeline completed successfully',
      'TIME  ERROR\tExecution failed: bad.yaml failed',
    ]);
    // Those of both runs of good.yaml, whose names differ by their runs.
    assert.equal(readdirSync(join(place.dir, 'kept')).length, 6);
  });

  it('takes one configuration in place of those that lie about, and says what is wrong with it', async () => {
    await using place = new Place();
    const file = place.file(
      'p.yaml',
      'version: 2.1\npipeline: [{step: {name: a, environment: [{name: WHO}], commands: [echo "by-$WHO"]}}]\n',
    );
    place.file('.cixconfig', 'environment: {WHO: chance}\n');
    place.file('mine.yaml', 'environment: {WHO: me}\n');
    place.file('bad.yaml', 'enviroment: {WHO: me}\n');
    const run = (name: string) => place.cix(['exec', '-y', file, '--configfile', name]);
    assert.match((await run('mine.yaml')).stdout, /\| by-me$/m);
    for (const [name, says] of [
      ['missing.yaml', /missing\.yaml {2}error {2}there is no such file/],
      ['bad.yaml', /^bad\.yaml:1:1 [^]*did you mean `environment`/],
    ] as const) {
      const told = await run(name);
      assert.deepEqual([told.code, told.stdout], [2, '']);
      assert.match(told.stderr, says);
    }
  });

  it('reads its file by way of a plugin, whose standard error goes to the log', async () => {
    await using place = new Place();
    const preprocessor = JSON.stringify({ commands: ['sed s/from-one/by-plugin/', 'echo hm >&2'] });
    place.file('talk.yaml', `version: 2.4\nkind: Plugin\npreprocessor: ${preprocessor}\n`);
    const args = ['exec', '-y', place.file('p.yaml', small), '--plugin', 'talk.yaml'];
    const told = await place.cix(args);
    assert.equal(told.code, 0, told.stdout + told.stderr);
    assert.match(told.stdout, /^one +\| by-plugin$/m);
    assert.equal(told.stderr, 'talk | hm\n');
  });

  it('calls its run by the alias that it is given', async () => {
    await using place = new Place();
    const args = ['exec', '-y', place.file('p.yaml', small), '--pipeline-alias', 'nightly'];
    assert.equal((await place.cix(args)).code, 0);
    const [started] = await place.events();
    assert.ok(started?.type === 'run.started');
    assert.equal(started.plan.name, 'nightly');
  });

  it('takes variables, secrets and a workspace', async () => {
    await using place = new Place();
    mkdirSync(join(place.dir, 'work'));
    writeFileSync(join(place.dir, 'work', 'here.txt'), 'it is here');
    const yaml = `version: 2.1
pipeline:
  - step:
      name: a
      commands-output: minimal
      environment: [{name: GIVEN}, {name: NAMED}, {name: HIDDEN}, {name: PIPED}]
      commands: [cat here.txt, 'echo " $GIVEN $NAMED $HIDDEN $PIPED"']
`;
    const args = ['exec', '-y', place.file('p.yaml', yaml), '-w', 'work'];
    const values = ['-e', 'GIVEN=one two', '--env', 'NAMED', '--secret', 'HIDDEN=hidden'];
    for (const [flags, input] of [
      [['--secret-stdin', 'PIPED'], 'piped-in\n'],
      [['--secrets-stdin'], '{"PIPED": "piped-in"}'],
    ] as const) {
      const running = place.start([...args, ...values, ...flags], { NAMED: 'by-name' }, 'cix');
      running.child.stdin!.end(input);
      const told = await running.told;
      assert.match(told.stdout, /^a {20}\| it is here one two by-name \*{8} \*{8}$/m);
      assert.match(told.stderr, /^cix: warning: the value of HIDDEN can be seen/);
      assert.equal(told.code, 0);
    }
  });

  it('takes variables of any name that a step can have, and gives them to it', async () => {
    await using place = new Place();
    const [named, written] = ['spring.profiles', 'my-var'];
    const environment = [{ name: named }, { name: written }];
    const step = { name: 'a', environment, arguments: ['printenv', named, written] };
    const file = place.file('p.yaml', `version: 2.1\npipeline: [${JSON.stringify({ step })}]\n`);
    const told = await place.cix(['exec', '-y', file, '-e', `${named}=ci`, '-s', written], {
      [written]: 'never-shown',
    });
    assert.equal(told.code, 0, told.stderr);
    assert.match(told.stdout, /^a {20}\| ci\na {20}\| \*{8}$/m);
  });

  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    it(`ends in order on ${signal}, says so once, and answers ${code}`, async () => {
      await using place = new Place();
      const yaml = `version: 2.1
pipeline:
  - step: {name: waits, commands: [echo ready-to-end, "sh -c 'sleep 1000; true' ${place.mark}"]}
  - step: {name: after, commands: [echo never]}
`;
      const running = place.start(['exec', '-y', place.file('p.yaml', yaml)], {}, 'cix');
      await running.printed(/\| ready-to-end/);
      running.child.kill(signal);
      const told = await running.told;
      assert.equal(told.code, code);
      const after = steady(told.stdout.slice(told.stdout.indexOf('Received')));
      assert.equal(
        after,
        `Received ${signal} shutting down CIX, please wait...
TIME  WARN \tStep 'waits' was cancelled
TIME  INFO \tSkipping step 'after'
TIME  WARN \tPipeline was cancelled by ${signal}
`,
      );
      assert.equal(told.stderr, '');
    });
});
