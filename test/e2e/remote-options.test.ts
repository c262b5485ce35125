import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';

import { Place } from '../rig/cli.ts';
import { harnessRun, harnessStage } from '../rig/harness-stage.ts';
import { oneStage } from '../rig/harness-text.ts';
import { comesTo, load, tell } from '../rig/server-runs.ts';
import { serve } from '../rig/serving.ts';
import { Terminal, keys } from '../rig/terminal.ts';

const step = (name: string, ...commands: string[]): string =>
  `  - step: ${JSON.stringify({ name, 'commands-output': 'minimal', commands })}\n`;

const pipeline = (...steps: string[]): string => `version: 2.1\npipeline:\n${steps.join('')}`;

const plugin = (command: string): string =>
  `version: 2.4\nkind: Plugin\npreprocessor: { command: ${command} }\n`;

const idIn = (said: string): string => /\d{8}-\d{6}-\w{5}/.exec(said)![0];

/** A place whose server serves only a folder of it. */
async function served(files: Readonly<Record<string, string>>) {
  const place = new Place();
  mkdirSync(join(place.dir, 'served'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(place.dir, dirname(name)), { recursive: true });
    place.file(name, text);
  }
  const server = await serve(place, { args: ['-w', 'served'] });
  const exec = (...args: string[]) =>
    place.continuo(['exec', '--remote', '-w', 'served', '--format', 'plain', ...args]);
  return { place, server, exec, [Symbol.asyncDispose]: () => place[Symbol.asyncDispose]() };
}

const approval = `- step:
    type: HarnessApproval
    name: ok
    identifier: ok
    timeout: 1h
    spec:
      approvalMessage: Go on?
      includePipelineExecutionHistory: false
      approvers: { minimumCount: 1, disallowPipelineExecutor: false }
`;
const run = (command: string): string =>
  `- step: { type: Run, name: hi, identifier: hi, spec: { shell: Sh, command: '${command}' } }\n`;

describe('an option of exec --remote', () => {
  it('--plugin: is sent with the order, wherever the file lies', async () => {
    await using started = await served({
      'served/a.yaml': pipeline(step('say', 'echo STAGING')),
      'plugins/live.yaml': plugin('[sed, s/STAGING/live/]'),
      'plugins/loud.yaml': plugin('[sed, s/live/LIVE/]'),
      'plugins/broken.yaml': 'version: 2.4\nkind: Plugni\n',
    });
    const { exec, place } = started;
    const both = ['--plugin', 'plugins/live.yaml', '--plugin', 'plugins/loud.yaml'];
    const told = await exec(...both, 'served/a.yaml');
    assert.equal(told.code, 0, told.stderr);
    assert.match(told.stdout, /^say +│ LIVE$/m);
    place.file('.cixconfig.yaml', 'plugins: [plugins/live.yaml]\n');
    assert.match((await exec('served/a.yaml')).stdout, /^say +│ live$/m);
    const broken = await exec('--plugin', 'plugins/broken.yaml', 'served/a.yaml');
    assert.equal(broken.code, 2);
    assert.match(broken.stderr, /plugins\/broken\.yaml:2:7/);
    const missing = await exec('--plugin', 'plugins/none.yaml', 'served/a.yaml');
    assert.equal(missing.code, 2);
    assert.match(missing.stderr, /plugins\/none\.yaml[^]*there is no such file/);
  });

  it('--pipeline-alias, --configfile, --secret-stdin, --executor: mean there what they mean here', async () => {
    const said = `  - step: ${JSON.stringify({ name: 'say', environment: [{ name: 'KEY' }, { name: 'WHO' }], commands: ['echo $WHO-$KEY'] })}\n`;
    await using started = await served({
      'served/a.yaml': pipeline(said),
      'mine.yaml': 'environment: { WHO: ann }\n',
    });
    const { exec, place, server } = started;
    const given = ['--configfile', 'mine.yaml', '--secret-stdin', 'KEY', '--color'];
    const named = ['--pipeline-alias', 'shop', '--state-dir', place.stateDir];
    const running = place.start([
      ...['exec', '--remote', '-w', 'served', '--format', 'plain'],
      ...[...given, ...named, 'served/a.yaml'],
    ]);
    running.child.stdin!.end('hunter2hunter2\n');
    const { code, stdout, stderr } = await running.told;
    assert.equal(code, 0, stderr);
    assert.match(stdout, /│\S* ann-\*+/);
    assert.equal((await tell(server, 'shop')).outcome, 'succeeded');
    const prompted = await exec('--secret-prompt', 'KEY', 'served/a.yaml');
    assert.equal(prompted.code, 2);
    assert.match(prompted.stderr, /--secret-prompt/);
    const many = place.start(['load', '-w', 'served', '--secrets-stdin', 'served/a.yaml']);
    many.child.stdin!.end('{"KEY": "hunter2hunter2"}');
    const loaded = await many.told;
    assert.equal(loaded.code, 0, loaded.stderr);
    assert.equal((await place.continuo(['kill', idIn(loaded.stdout)])).code, 0);
    await comesTo(server, idIn(loaded.stdout), ({ outcome }) => outcome === 'cancelled');
    const docker = await exec('--executor', 'docker', 'served/a.yaml');
    assert.equal(docker.code, 3);
    assert.match(docker.stderr, /step 'say' has no image/);
    const plain = await exec('--no-color', '--workspace', 'served', 'served/a.yaml');
    assert.equal(plain.code, 0, plain.stderr);
  });

  it('--configfile: is read instead of .cixconfig, and what lies in the workspace of the server counts for nobody', async () => {
    const said = `  - step: ${JSON.stringify({ name: 'say', environment: ['WHO', 'WHERE'].map((name) => ({ name, default: 'nobody' })), commands: ['echo "$WHO $WHERE"'] })}\n`;
    await using started = await served({ 'served/a.yaml': pipeline(said) });
    const { exec, place, server } = started;
    place.file('mine.yaml', 'environment: { WHO: ann }\n');
    place.file('.cixconfig.yaml', 'environment: { WHERE: home }\n');
    const by = ['--server', server.url, '-c', 'mine.yaml', 'served/a.yaml'];
    for (const there of [
      'environment: { WHO: bob, WHERE: there }\n',
      'plugins: [none.yaml]\n',
      '[',
    ]) {
      place.file('served/.cixconfig.yaml', there);
      assert.match((await exec('served/a.yaml')).stdout, /│ nobody home$/m, there);
      const told = await exec(...by);
      assert.match(told.stdout, /│ ann nobody$/m, told.stderr);
      const run = await load(server, { file: 'a.yaml' });
      const ended = await comesTo(server, run.id, ({ outcome }) => outcome !== 'running');
      assert.equal(ended.outcome, 'succeeded');
      const log = await (await server.ask(`/api/v1/runs/${run.id}/logs`)).text();
      assert.match(log, /nobody nobody/);
      const checked = await server.ask('/api/validate/pipeline/full', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ yamlPath: 'a.yaml' }),
      });
      assert.equal(checked.status, 200, await checked.text());
    }
  });

  it('--break: pauses the run at the server; it goes on as it is told', async () => {
    await using started = await served({
      'served/a.yaml': pipeline(step('one', 'echo 1'), step('two', 'echo 2'), step('last', 'true')),
      'served/b.yaml': pipeline(step('three', 'echo 3')),
    });
    const { exec, place, server } = started;
    const wrong = await exec('--break', 'tow', 'served/a.yaml');
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /--break tow: there is no step, .*did you mean two\?/);
    const running = place.start([
      ...['exec', '--remote', '-w', 'served', '--format', 'plain', '--break', 'two'],
      ...['--break', 'three', 'served/a.yaml', 'served/b.yaml'],
    ]);
    for (const name of ['two', 'three']) {
      await running.printed(new RegExp(`paused before '${name}'; go on with \`continuo resume`));
      const runs = await (await server.ask('/api/v1/runs?outcome=running')).text();
      assert.equal((await place.continuo(['resume', idIn(runs)])).code, 0);
    }
    const { code, stdout } = await running.told;
    assert.equal(code, 0, stdout);
  });

  it('--break and --approve: a name that no file of a chain has is refused before anything is taken', async () => {
    await using started = await served({
      'served/a.yaml': pipeline(step('one', 'cp text later.yaml')),
      'served/b.yaml': pipeline(step('two', 'true')),
      'served/text': pipeline(step('three', 'true')),
      'served/broken.yaml': 'version: 2.1\npipelin: []\n',
      'served/c.yaml': oneStage(approval),
    });
    const { exec, place, server } = started;
    const chain = ['served/a.yaml', 'served/b.yaml', 'served/c.yaml'];
    const breaks = ['--break', 'one', '--break', 'tow'];
    for (const ask of [
      () => place.continuo(['load', '-w', 'served', ...breaks, ...chain]),
      () => exec('--non-blocking', ...breaks, ...chain),
      () => exec(...breaks, ...chain),
    ]) {
      const told = await ask();
      assert.equal(told.code, 2, told.stdout);
      assert.match(told.stderr, /--break tow: there is no step, .*did you mean two\?/);
      assert.doesNotMatch(told.stderr, /--break one|taken back/);
    }
    const wrong = await exec('--approve', 'okay', ...chain);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /--approve okay: there is no approval of that name/);
    assert.deepEqual(await (await server.ask('/api/v1/runs')).json(), { runs: [] });
    // What is not there yet may have it, and what has mistakes tells them at its turn.
    const unread = await exec('--break', 'tow', 'served/a.yaml', 'served/later.yaml');
    assert.equal(unread.code, 0, unread.stderr);
    const broken = await exec('--break', 'tow', 'served/a.yaml', 'served/broken.yaml');
    assert.equal(broken.code, 1, broken.stderr);
    assert.match(broken.stdout, /broken\.yaml:2:1/);
    const approved = await exec('--approve', 'ok', ...chain);
    assert.equal(approved.code, 0, approved.stderr);
    const outside = await exec('--break', 'one', 'served/a.yaml', '../outside.yaml');
    assert.equal(outside.code, 2, outside.stderr);
    assert.match(outside.stderr, /no such file/);
  });

  it('--break: asks on the terminal of whoever watches', async () => {
    await using started = await served({
      'served/a.yaml': pipeline(step('one', 'echo 1'), step('two', 'echo 2'), step('last', 'true')),
    });
    const args = ['exec', '--remote', '-w', 'served', '--format', 'plain', '--break', 'one'];
    await using terminal = new Terminal(started.place, [...args, 'served/a.yaml']);
    await terminal.printed(/a: Enter resumes, n next, k kill/);
    terminal.type(`n${keys.enter}`);
    await terminal.printed(/paused before 'two'/);
    await terminal.printed(/a: Enter resumes, n next, k kill[^]*a: Enter resumes, n next, k kill/);
    terminal.type(keys.enter);
    const { code, stdout } = await terminal.told;
    assert.equal(code, 0, stdout);
  });

  it('--pause-on-failure: leaves everything up until it is resumed', async () => {
    await using started = await served({ 'served/a.yaml': pipeline(step('bad', 'exit 7')) });
    const { exec, place, server } = started;
    const told = await exec('--pause-on-failure', '--non-blocking', 'served/a.yaml');
    const id = idIn(told.stdout);
    await comesTo(server, id, ({ paused }) => paused?.why.kind === 'failure');
    assert.equal((await place.continuo(['resume', id])).code, 0);
    await comesTo(server, id, ({ outcome }) => outcome === 'failed');
  });

  it('--approve and --reject: answer for whoever is not there; a terminal is asked', async () => {
    await using started = await served({
      'served/a.yaml': oneStage(`${approval}${run('echo on')}`),
    });
    const { exec, place } = started;
    const wrong = await exec('--approve', 'okay', 'served/a.yaml');
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /--approve okay: there is no approval of that name/);
    const yes = await exec('--approve', 'ok', 'served/a.yaml');
    assert.equal(yes.code, 0, yes.stderr);
    assert.match(yes.stdout, /--approve says approve/);
    const no = await exec('--reject', 'all', 'served/a.yaml');
    assert.equal(no.code, 1, no.stderr);
    const args = ['exec', '--remote', '-w', 'served', 'served/a.yaml'];
    await using terminal = new Terminal(place, args, { USER: 'ann' });
    await terminal.printed(/ok[^\n]*: Go on\?/);
    terminal.type(`approve${keys.enter}`);
    const { code, stdout } = await terminal.told;
    assert.equal(code, 0, stdout);
    assert.match(stdout, /ok\S* +\S*succeeded[^\n]*approved by ann/);
  });

  it('--remote: asks on the terminal of whoever watches for an input, and about a failure', async () => {
    const deploy = harnessRun(
      'deploy',
      'echo "to $TARGET"; exit 3',
      'envVariables: { TARGET: "<+input>.allowedValues(test,live).executionInput()" }',
      `failureStrategies:
  - onFailure:
      errors: [AllErrors]
      action: { type: ManualIntervention, spec: { timeout: 1h, onTimeout: { action: { type: Abort } } } }`,
    );
    await using started = await served({ 'served/a.yaml': harnessStage(deploy) });
    const { place, server } = started;
    const args = ['exec', '--remote', '-w', 'served', 'served/a.yaml'];
    await using terminal = new Terminal(place, args, { USER: 'ann' });
    await terminal.printed(/envVariables\.TARGET \(test or live\)/);
    terminal.type(`live${keys.enter}`);
    await terminal.printed(/deploy[^\n]*: it failed with exit code 3: what shall be done\?/);
    terminal.type(`retry${keys.enter}`);
    await terminal.printed(/what shall be done\?[^]*what shall be done\?/);
    terminal.type(`ignore${keys.enter}`);
    const { code, stdout } = await terminal.told;
    assert.equal(code, 0, stdout);
    assert.match(stdout, /deploy\S* +\S*ignored[^\n]*exit code 3/);
    const logs = await (await server.ask('/api/v1/runs/latest/logs?task=build.deploy')).text();
    assert.equal(logs, 'to live\nto live\n');
  });

  it('--logging, --logname and --logging-path: are written where the command is called', async () => {
    const text = pipeline(step('say', 'seq 1 2000'), step('more', 'printf "a\\tb\\n"'));
    await using started = await served({ 'served/a.yaml': text });
    const { exec, place } = started;
    const files = ['-l', 'files', '-L', 'all.log'];
    const there = await exec(...files, '-p', 'there', '--no-remote-logs', 'served/a.yaml');
    assert.equal(there.code, 0, there.stderr);
    assert.doesNotMatch(there.stdout, /^say +│/m);
    const here = await place.continuo([
      'exec',
      '-w',
      'served',
      ...files,
      '-p',
      'here',
      'served/a.yaml',
    ]);
    assert.equal(here.code, 0, here.stderr);
    const read = (folder: string): string[] =>
      readdirSync(join(place.dir, folder))
        .filter((name) => name !== 'all.log')
        .map((name) => readFileSync(join(place.dir, folder, name), 'utf8'));
    assert.equal(read('there').length, 2);
    assert.deepEqual(read('there'), read('here'));
    const lines = (folder: string): number =>
      readFileSync(join(place.dir, folder, 'all.log'), 'utf8').split('\n').length;
    assert.equal(lines('there'), lines('here'));
    place.file('taken', '');
    const taken = await exec('-l', 'file', '-p', 'taken', 'served/a.yaml');
    assert.equal(taken.code, 3);
    assert.match(taken.stderr, /cannot write log files/);
    place.file('.cixconfig.yaml', 'logging: { mode: files, path: configured }\n');
    const waitless = await exec('--non-blocking', 'served/a.yaml');
    assert.equal(waitless.code, 0, waitless.stderr);
    assert.match(waitless.stderr, /the logging of the configuration does nothing here/);
    await comesTo(started.server, idIn(waitless.stdout), ({ outcome }) => outcome === 'succeeded');
    assert.ok(!readdirSync(join(place.dir, 'served')).includes('configured'));
  });

  it('--logging: has in its log what is said of a chain, and what is wrong with its files, as here', async () => {
    await using started = await served({
      'served/a.yaml': pipeline(step('a', 'echo says-a')),
      'served/b.yaml': pipeline(step('b', 'exit 3')),
      'served/c.yaml': pipeline(step('c', 'true')),
      'served/end.yaml': pipeline(step('end', 'true')),
      'served/broken.yaml': 'version: 2.1\npipelin: []\nstray: 1\n',
    });
    const { place } = started;
    const logOf = async (where: 'here' | 'there', ...args: string[]): Promise<string> => {
      const remote = where === 'there' ? ['--remote'] : [];
      await place.continuo(['exec', ...remote, '-w', 'served', '-l', 'file', '-p', where, ...args]);
      const text = readFileSync(join(place.dir, where, 'cix-execution.log'), 'utf8');
      rmSync(join(place.dir, where), { recursive: true });
      return text.replaceAll(/^\S+T\S+|\d{8}-\d{6}-\w{5}|Pipeline \w{8}/gm, '');
    };
    const files = ['a', 'b', 'c'].flatMap((name) => ['-y', `served/${name}.yaml`]);
    const chain = [...files, '--teardown', 'served/end.yaml'];
    const here = await logOf('here', ...chain);
    assert.match(here, /Executing pipeline 1 of 4: .*Skipping pipeline 3 of 4: /s);
    assert.equal(await logOf('there', ...chain), here);
    // A server names files by their whole paths.
    const broken = await logOf('here', join(place.dir, 'served/broken.yaml'));
    assert.equal(broken.match(/ERROR.*broken\.yaml:\d:1: unknown key/g)?.length, 2, broken);
    assert.equal(await logOf('there', 'served/broken.yaml'), broken);
  });

  it('--input, --inputs, --templates, --connectors, --strict and --skip-unsupported: go with a Harness pipeline', async () => {
    const template = `template:
  identifier: greet
  name: greet
  type: Step
  versionLabel: "1"
  spec: { type: Run, spec: { shell: Sh, command: "echo <+pipeline.variables.WHO> <+pipeline.variables.WHAT>" } }
`;
    const variables = ['WHO', 'WHAT'].map(
      (name) => `  - { name: ${name}, type: String, value: <+input> }\n`,
    );
    const use = '- step: { identifier: hi, name: hi, template: { templateRef: greet } }\n';
    const odd =
      '- step: { identifier: odd, name: odd, type: Queue, spec: { key: a, scope: Pipeline } }\n';
    const service =
      '- step: { type: Background, name: db, identifier: db, spec: { shell: Sh, command: "exit 9" } }\n';
    await using started = await served({
      'served/a.yaml': oneStage(`${use}${odd}`, { pipeline: `variables:\n${variables.join('')}` }),
      'served/b.yaml': oneStage(`${service}${run('sleep 1000')}`),
      'mine/templates/deep/greet.yaml': template,
      'mine/inputs.yaml': 'WHO: you\nWHAT: hello\n',
      'mine/connectors.yaml': 'connectors: {}\n',
    });
    const { exec } = started;
    const missing = await exec('--templates', 'mine/templates', 'served/a.yaml');
    assert.equal(missing.code, 2);
    assert.match(missing.stderr, /`--input WHO=…`/);
    const given = ['--templates', './mine/templates/', '--inputs', 'mine/inputs.yaml'];
    const refused = await exec(...given, 'served/a.yaml');
    assert.equal(refused.code, 2);
    const more = ['--input', 'WHO=ann', '--connectors', 'mine/connectors.yaml'];
    const told = await exec(...given, ...more, '--skip-unsupported', 'served/a.yaml');
    assert.equal(told.code, 0, told.stderr);
    assert.match(told.stdout, /^hi +│ ann hello$/m);
    const nowhere = await exec('--templates', 'mine/none', 'served/a.yaml');
    assert.equal(nowhere.code, 2);
    assert.match(nowhere.stderr, /--templates mine\/none: there is no such folder/);
    const strict = await exec('--strict', 'served/b.yaml');
    assert.equal(strict.code, 1, strict.stderr);
    assert.match(strict.stdout, /db/);
  });
});

describe('the table of the options of exec that a server is sent', () => {
  it('has a row for every option, and names a test that is about it', async () => {
    await using place = new Place();
    const docs = join(import.meta.dirname, '../../docs');
    const page = readFileSync(join(docs, 'server.md'), 'utf8');
    const rows = [...page.matchAll(/^\| (`--.*?) +\| (.+?) +\| \[.*?\]\((.*?)\) +\|$/gm)];
    const named = new Map(
      rows.flatMap(([, options = '', , test = '']) =>
        [...options.matchAll(/`--([a-z-]+)`/g)].map(([, name = '']) => [name, join(docs, test)]),
      ),
    );
    const { stdout } = await place.continuo(['exec', '--help']);
    const options = [...stdout.matchAll(/^ {2}(?:-\w, )?--([a-z-]+)/gm)].map(([, name]) => name!);
    const strays = options.filter((name) => name !== 'help' && !named.has(name));
    assert.deepEqual(strays, []);
    assert.deepEqual(
      [...named.keys()].filter((name) => !options.includes(name)),
      [],
    );
    const untold = [...named].filter(
      ([name, test]) => !readFileSync(test, 'utf8').includes(`--${name}`),
    );
    assert.deepEqual(untold, []);
  });
});

describe('an order of a run', () => {
  it('has its files in the workspace where their texts are not in it', async () => {
    await using started = await served({
      'served/a.yaml': pipeline(step('say', 'echo STAGING')),
      'served/live.yaml': plugin('[sed, s/STAGING/live/]'),
      'outside.yaml': plugin('[cat]'),
    });
    const { server } = started;
    const order = async (body: object): Promise<Response> =>
      server.ask('/api/v1/runs', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ file: 'a.yaml', ...body }),
      });
    for (const wrong of [
      { plugins: ['../outside.yaml'] },
      { inputFiles: ['../outside.yaml'] },
      { templates: '..' },
      { connectors: '/etc/passwd' },
    ])
      assert.equal((await order(wrong)).status, 422, JSON.stringify(wrong));
    const taken = await order({
      plugins: ['live.yaml'],
      load: true,
      pullPolicy: 'Never',
      keep: true,
    });
    assert.equal(taken.status, 201, await taken.clone().text());
    const { id } = (await taken.json()) as { id: string };
    const sent = await order({
      plugins: ['p'],
      texts: { p: plugin('[sed, s/STAGING/sent/]') },
      after: id,
    });
    const { id: next } = (await sent.json()) as { id: string };
    assert.equal((await started.place.continuo(['resume', id])).code, 0);
    await comesTo(server, next, ({ outcome }) => outcome === 'succeeded');
    for (const [each, word] of [
      [id, 'live'],
      [next, 'sent'],
    ] as const)
      assert.equal(
        await (await server.ask(`/api/v1/runs/${each}/logs?task=say`)).text(),
        `${word}\n`,
      );
    assert.equal((await tell(server, id)).outcome, 'succeeded');
  });
});
