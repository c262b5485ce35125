import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';

import { Place } from '../rig/cli.ts';
import { oneStage } from '../rig/harness-text.ts';
import { assertInvariants } from '../rig/invariants.ts';
import { Terminal, keys } from '../rig/terminal.ts';

const hello = (command: string) =>
  `- step: { type: Run, name: hello, identifier: hello, spec: { shell: Sh, command: '${command}' } }`;

const who = `variables:
  - { name: WHO, type: String, value: "<+input>.allowedValues(you,world)" }
  - { name: WHAT, type: String, value: <+input> }
`;

function placeWith(files: Readonly<Record<string, string>>): Place {
  const place = new Place();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(place.dir, dirname(name)), { recursive: true });
    place.file(name, text);
  }
  return place;
}

describe('a pipeline of Harness on the command line', () => {
  it('is what runs when there is no other, with its inputs', async () => {
    await using place = placeWith({
      '.harness/pipeline.yaml': oneStage(hello('echo $WHAT <+pipeline.variables.WHO>'), {
        pipeline: who,
      }),
      'inputs.yaml': 'WHAT: hello\nWHO: world\n',
    });
    const told = await place.continuo(['exec', '--inputs', 'inputs.yaml', '--input', 'WHO=you']);
    assert.equal(told.code, 0, told.stderr);
    assert.match(told.stdout, /hello │ hello you/);
    assertInvariants(await place.events());
  });

  it('has all missing inputs told at once, and nothing started', async () => {
    await using place = placeWith({ 'p.yaml': oneStage(hello('echo'), { pipeline: who }) });
    const told = await place.continuo(['exec', 'p.yaml']);
    assert.equal(told.code, 2);
    assert.match(told.stderr, /p\.yaml:5:41/);
    assert.match(told.stderr, /`--input WHO=…`: one of you, world/);
    assert.match(told.stderr, /`--input WHAT=…`/);
    assert.match(told.stderr, /2 errors/);
    assert.equal(told.stdout, '');
    const wrong = await place.continuo([
      'validate',
      '--input',
      'WHTA=x',
      '--input',
      'WHO=me',
      'p.yaml',
    ]);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /no input `WHTA`[^]*did you mean `WHAT`/);
    assert.match(wrong.stderr, /must be one of you, world/);
  });

  it('asks on a terminal for inputs, once, and again for what cannot be taken', async () => {
    await using place = placeWith({
      'p.yaml': oneStage(hello('echo $WHAT $WHO'), { pipeline: who }),
    });
    await using terminal = new Terminal(place, ['exec', '--format', 'plain', 'p.yaml']);
    await terminal.printed(/variables\.WHO \(one of you, world\): /);
    terminal.type(`me${keys.enter}`);
    await terminal.printed(/it must be one of you, world/);
    terminal.type(`you${keys.enter}`);
    await terminal.printed(/variables\.WHAT: /);
    terminal.type(`greet${keys.enter}`);
    const { code, stdout } = await terminal.told;
    assert.equal(code, 0, stdout);
    assert.match(stdout, /greet you\r\n/);
    assert.equal(stdout.match(/variables\.WHAT: /g)?.length, 1);
  });

  it('ends by Ctrl-C while it asks', async () => {
    await using place = placeWith({ 'p.yaml': oneStage(hello('echo'), { pipeline: who }) });
    await using terminal = new Terminal(place, ['exec', '--format', 'plain', 'p.yaml']);
    await terminal.printed(/variables\.WHO/);
    terminal.type(keys.interrupt);
    assert.equal((await terminal.told).code, 130);
  });

  it('finds its templates beside it, at any depth, or where it is told', async () => {
    const template = (version: string) => `template:
  identifier: greet
  name: greet
  type: Step
  versionLabel: "${version}"
  spec:
    type: Run
    spec: { shell: Sh, command: "echo ${version} <+step.identifier> $WHAT", envVariables: { WHAT: <+input> } }
`;
    const use = '- step: { identifier: hi, name: hi, template: { templateRef: greet } }';
    await using place = placeWith({
      '.harness/templates/steps/greet.yaml': template('1.9'),
      '.harness/templates/greet-next.yml': template('1.10'),
      '.harness/ci/p.yaml': oneStage(use),
      'elsewhere/greet.yaml': template('2'),
    });
    const file = '.harness/ci/p.yaml';
    const told = await place.continuo(['exec', '--input', 'hi.envVariables.WHAT=hello', file]);
    assert.equal(told.code, 0, told.stderr);
    assert.match(told.stdout, /hi +│ 1\.10 hi hello/);
    const wrong = await place.continuo(['validate', '--templates', 'elsewhere', file]);
    assert.equal(wrong.code, 2);
    assert.match(
      wrong.stderr,
      /elsewhere\/greet\.yaml:8:\d+[^]*hi\.spec\.envVariables\.WHAT` is missing/,
    );
    assert.match(wrong.stderr, /used here/);
    const nowhere = await place.continuo(['validate', '--templates', 'nowhere', file]);
    assert.match(nowhere.stderr, /nowhere +error +there is no such folder/);
  });

  it('has secrets from where those of CIX are from, masked, and misses none at the start', async () => {
    await using place = placeWith({
      'p.yaml': oneStage(
        '- step: { type: Run, name: hello, identifier: hello, spec: { shell: Sh, command: "echo $T; printf %s $T | rev", envVariables: { T: <+secrets.getValue("org.token")> } } }',
      ),
    });
    const told = await place.continuo(['exec', '-s', 'token', 'p.yaml'], { token: 'abc-12345' });
    assert.equal(told.code, 0, told.stderr);
    assert.match(told.stdout, /\*{8}[^]*54321-cba/);
    const without = await place.continuo(['exec', 'p.yaml']);
    assert.equal(without.code, 2, without.stdout);
    assert.match(without.stderr, /the secret `org\.token` is not given[^]*-s token/);
    assert.equal((await place.continuo(['validate', 'p.yaml'])).code, 0);
  });

  it('says what it is when it is in another language of Harness, or a template', async () => {
    await using place = placeWith({
      'gitness.yaml': 'version: 1\nkind: pipeline\nspec:\n  stages: []\n',
      'template.yaml': 'template:\n  identifier: a\n  type: Step\n',
    });
    const gitness = await place.continuo(['validate', 'gitness.yaml']);
    assert.match(gitness.stderr, /not read yet/);
    const template = await place.continuo(['validate', 'template.yaml']);
    assert.equal(template.code, 2);
  });

  it('reads what the command line says of strictness and of what cannot run here', async () => {
    const crash = `- step: { type: Background, name: svc, identifier: svc, spec: { shell: Sh, command: 'sleep 0.1; exit 3' } }
${hello('sleep 0.5')}`;
    const action =
      '- step: { type: Action, name: act, identifier: act, spec: { uses: actions/checkout@v4 } }';
    await using place = placeWith({
      'crash.yaml': oneStage(crash),
      'action.yaml': oneStage(`${action}\n${hello('echo')}`),
    });
    assert.equal((await place.continuo(['exec', 'crash.yaml'])).code, 0);
    assert.equal((await place.continuo(['exec', '--strict', 'crash.yaml'])).code, 1);
    assert.equal((await place.continuo(['exec', 'action.yaml'])).code, 2);
    assert.equal((await place.continuo(['exec', '--skip-unsupported', 'action.yaml'])).code, 0);
  });
});
