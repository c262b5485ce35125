import assert from 'node:assert/strict';
import { chmodSync, readdirSync } from 'node:fs';
import { describe, it } from 'node:test';

import { Place, eventually, processesWith } from '../rig/cli.ts';
import { Terminal, keys } from '../rig/terminal.ts';

import type { Told } from '../rig/cli.ts';

/** Says what its variables are. */
const tell = `version: 2.1
pipeline:
  - step:
      name: tell
      commands-output: minimal
      commands: ['echo "A=$A B=$B C=$C"; printf %s "$C" | rev']
      environment: [{name: A, default: none}, {name: B, default: none}, {name: C, default: none}]
`;

/** A place with this pipeline and these files that only their owner reads. */
function placeWith(files: Readonly<Record<string, string>>): Place {
  const place = new Place();
  place.file('cix.yaml', tell);
  for (const [name, text] of Object.entries(files)) chmodSync(place.file(name, text), 0o600);
  return place;
}

const said = ({ stdout }: Told): string => /A=.*/.exec(stdout)?.[0] ?? '';

describe('the configuration', () => {
  it('is merged from three files, key by key, of which the last wins', async () => {
    await using place = placeWith({
      '.cixconfig.yaml': 'environment: {A: yaml, B: yaml, C: yaml}\n',
      '.cixconfig.json': '{"environment": {"B": "json", "C": "json"}}',
      '.cixconfig': 'environment: {C: plain}\n',
    });
    const told = await place.continuo(['exec']);
    assert.equal(told.code, 0, told.stderr);
    assert.equal(said(told), 'A=yaml B=json C=plain');
  });

  it('is one file alone when that is named', async () => {
    await using place = placeWith({
      '.cixconfig': 'environment: {A: usual, B: usual}\n',
      'other.yaml': 'environment: {B: other}\n',
    });
    assert.equal(said(await place.continuo(['exec', '-c', 'other.yaml'])), 'A=none B=other C=none');
    const missing = await place.continuo(['exec', '-c', 'nowhere']);
    assert.equal(missing.code, 2);
    assert.match(missing.stderr, /nowhere {2}error {2}there is no such file/);
    assert.equal(missing.stdout, '');
  });

  it('gives way to the command line, which goes before the environment of the caller', async () => {
    await using place = placeWith({
      '.cixconfig': 'environment: {A: config, B: config}\nsecrets: {C: secret-of-config}\n',
    });
    const env = { A: 'caller', B: 'caller' };
    const told = await place.continuo(['exec', '-e', 'B=flag', '-s', 'C=secret-of-flag'], env);
    assert.equal(said(told), 'A=config B=flag C=********');
    assert.match(told.stdout, /galf-fo-terces/);
  });

  it('names pipelines, unless the command line does', async () => {
    await using place = placeWith({
      '.cixconfig': 'pipelines: [one.yaml, two.yaml]\n',
      'one.yaml': tell.replace('tell', 'one'),
      'two.yaml': tell.replace('tell', 'two'),
    });
    assert.match((await place.continuo(['exec'])).stdout, /pipeline 'one'[^]*pipeline 'two'/);
    const named = await place.continuo(['exec', '-y', 'cix.yaml']);
    assert.match(named.stdout, /pipeline 'cix'/);
    assert.doesNotMatch(named.stdout, /pipeline 'one'/);
    const checked = await place.continuo(['validate']);
    assert.match(checked.stdout, /^one\.yaml: valid.*\ntwo\.yaml: valid/);
  });

  it('is checked like a pipeline, before anything runs', async () => {
    await using place = placeWith({
      '.cixconfig.yaml': 'enviroment: {}\n',
      '.cixconfig': 'environment: {}\nsecrets: {A: [hunter2]}\nlogging: {mode: hunter2}\n',
    });
    for (const command of ['exec', 'validate']) {
      const told = await place.continuo([command]);
      assert.equal(told.code, 2);
      assert.match(told.stderr, /^\.cixconfig\.yaml:1:1 [^]*did you mean `environment`/);
      assert.match(told.stderr, /^\.cixconfig:2:14 .*`secrets\.A` must be a text/m);
      assert.match(told.stderr, /^\.cixconfig:3:17 .*`logging\.mode` must be .*\*{8}/m);
      assert.match(told.stderr, /3 errors/);
      assert.doesNotMatch(told.stderr, /hunter2/);
      assert.equal(told.stdout, '');
    }
  });

  it('with secrets in it that others can read is warned of', async () => {
    await using place = placeWith({ '.cixconfig': 'secrets: {C: hunter2}\n' });
    assert.equal((await place.continuo(['exec'])).stderr, '');
    chmodSync(`${place.dir}/.cixconfig`, 0o640);
    const told = await place.continuo(['exec']);
    assert.equal(told.code, 0);
    assert.match(told.stderr, /warning: \.cixconfig has secrets.*chmod 600 \.cixconfig/);
    chmodSync(place.file('.cixconfig', 'environment: {C: open}\n'), 0o644);
    assert.equal((await place.continuo(['exec'])).stderr, '');
  });

  it('has secrets asked for, unless the command line gives them', async () => {
    await using place = placeWith({ '.cixconfig': 'prompted-secrets: [C]\n' });
    await using terminal = new Terminal(place, ['exec', '--format', 'plain']);
    await terminal.printed(/C: /);
    terminal.type(`typed-secret${keys.enter}`);
    const { code, stdout } = await terminal.told;
    assert.equal(code, 0);
    assert.doesNotMatch(stdout, /typed-secret/);
    assert.match(stdout, /terces-depyt/);
    assert.equal((await place.continuo(['exec', '-s', 'C'], { C: 'given' })).code, 0);
    const nobody = await place.continuo(['exec']);
    assert.equal(nobody.code, 2);
    assert.match(nobody.stderr, /prompted-secrets C: standard input is no terminal/);
  });
});

describe('a secret', () => {
  const secret = 'hunter2-hunter2';
  const ways: Readonly<
    Record<string, { args: string[]; env?: Record<string, string>; stdin?: string }>
  > = {
    'with its value': { args: ['-s', `C=${secret}`] },
    'by its name in the environment': { args: ['-s', 'C'], env: { C: secret } },
    'alone on standard input': { args: ['--secret-stdin', 'C'], stdin: `${secret}\n` },
    'among others on standard input': {
      args: ['--secrets-stdin'],
      stdin: JSON.stringify({ C: secret, D: 'more-of-that' }),
    },
  };
  for (const [way, { args, env, stdin }] of Object.entries(ways))
    it(`given ${way} reaches the step, and is not shown`, async () => {
      await using place = placeWith({});
      const running = place.start(['exec', ...args], env);
      running.child.stdin!.end(stdin);
      const told = await running.told;
      assert.equal(told.code, 0, told.stderr);
      assert.equal(said(told), 'A=none B=none C=********');
      assert.match(told.stdout, /2retnuh-2retnuh/);
    });

  it('is not shown by what is wrong with a pipeline, nor by what cannot be run', async () => {
    await using place = placeWith({
      'keys.yaml': `version: 2.1\n${secret}: 1\npipeline: ${secret}\n`,
      'image.yaml': 'version: 2.1\npipeline: [{step: {name: a, image: "$$C/UPPER:$$C"}}]\n',
      [`${secret}.yaml`]: 'x',
    });
    // What an image comes to is looked at when it is to run.
    for (const [file, commands] of [
      ['keys.yaml', ['exec', 'validate']],
      ['image.yaml', ['exec', 'exec --executor host']],
      [`${secret}.yaml`, ['exec', 'validate']],
      [`${secret}-missing.yaml`, ['exec', 'validate']],
    ] as const) {
      for (const command of commands) {
        const told = await place.continuo([...command.split(' '), '-s', `C=${secret}`, file]);
        assert.equal(told.code, 2, told.stderr);
        assert.doesNotMatch(told.stdout + told.stderr, /hunter2/);
      }
    }
    const valid = place.file(`${secret}-valid.yaml`, tell);
    const checked = await place.continuo(['validate', '-s', `C=${secret}`, valid]);
    assert.match(checked.stdout, /\*{8}-valid\.yaml: valid/);
    assert.doesNotMatch(checked.stdout, /hunter2/);
    const json = await place.continuo([
      ...['validate', '--format', 'json', '-s', `C=${secret}`, 'keys.yaml'],
    ]);
    assert.doesNotMatch(json.stdout, /hunter2/);
    assert.equal((JSON.parse(json.stdout) as { valid: boolean }).valid, false);
  });

  it(
    'leaves the list of processes once it is known',
    { skip: process.platform !== 'linux' },
    async () => {
      await using place = placeWith({});
      place.file('wait.yaml', tell.replace('echo', `sh -c "sleep 1000; true" ${place.mark}; echo`));
      const running = place.start(['exec', '-s', `C=${secret}`, 'wait.yaml']);
      await eventually(
        () => running.hasEnded || processesWith(place.mark).length > 0,
        () => 'nothing runs',
      );
      const [line] = processesWith(place.stateDir).filter((one) => one.includes('exec -s'));
      assert.match(line ?? '', /exec -s C=\*{8} wait\.yaml/);
      running.child.kill('SIGTERM');
      assert.equal((await running.told).code, 143);
    },
  );

  it('stands nowhere in what is kept of a run', async () => {
    await using place = placeWith({ '.cixconfig': `secrets: {C: ${secret}}\n` });
    await place.continuo(['exec']);
    const files = readdirSync(place.stateDir, { recursive: true, encoding: 'utf8' });
    assert.ok(files.some((file) => file.endsWith('journal')));
    assert.doesNotMatch((await place.continuo(['logs', '--format', 'json'])).stdout, /hunter2/);
  });
});

it('an option that configuration and plugins share is known to exec', async () => {
  await using place = placeWith({});
  for (const [args, says] of [
    [['-P', 'Sometimes'], /Allowed choices are Default, Always, IfNotPresent, Never/],
    [['-l', 'everywhere'], /Allowed choices are console, file, files/],
    [['--secret-stdin', 'A', '--secrets-stdin'], /both read standard input/],
    [['-y', ''], /It is empty/],
  ] as const) {
    const told = await place.continuo(['exec', ...args]);
    assert.equal(told.code, 2, told.stderr);
    assert.match(told.stderr, says);
  }
});
