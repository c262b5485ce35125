import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { imageOf } from '../images/images.ts';
import { Place, eventually, processesWith } from '../rig/cli.ts';
import { docker, dockerSuite, nothingLabelled } from '../rig/docker.ts';
import { labelled } from '../rig/docker-labelled.ts';
import { PuppetEngine, json } from '../rig/puppet-engine.ts';

import type { Told } from '../rig/cli.ts';

const plugin = (preprocessor: string): string =>
  `version: 2.4\nkind: Plugin\npreprocessor: ${preprocessor}\n`;

const commands = (...lines: readonly string[]): string =>
  plugin(JSON.stringify({ commands: lines }));

const pipeline = (name: string): string =>
  `version: 2.1\npipeline:\n  - step:\n      name: ${name}\n      commands: [echo I am ${name}]\n`;

describe('a preprocessor that is a command of this machine', () => {
  it('gets the text of the file, and what it prints is run', async () => {
    await using place = new Place();
    const file = place.file('expand.yaml', plugin('{command: [sed, s/NAME/world/]}'));
    const told = await place.exec(pipeline('NAME'), ['--plugin', file]);
    assert.equal(told.code, 0, told.stderr);
    assert.match(await place.output('world'), /I am world/);
  });

  it('gets what the one before it has printed, in the order of the command line', async () => {
    await using place = new Place();
    const one = place.file('one.yaml', plugin('{command: [sed, s/NAME/first/]}'));
    const two = place.file('two.yaml', plugin('{command: [sed, s/first/second/]}'));
    const name = async (...files: readonly string[]): Promise<string> => {
      const told = await place.exec(
        pipeline('NAME'),
        files.flatMap((file) => ['--plugin', file]),
      );
      assert.equal(told.code, 0, told.stderr);
      return /I am (\w+)/.exec(told.stdout)?.[1] ?? '';
    };
    assert.equal(await name(one, two), 'second');
    assert.equal(await name(two, one), 'first');
  });

  it('may say what it wants on standard error: that goes to ours, and never into the text', async () => {
    await using place = new Place();
    const talk = commands('echo "key: [unfinished" >&2', 'cat', 'printf "the end" >&2');
    const told = await validate(place, talk, pipeline('fine'), '--format', 'json');
    assert.equal(told.code, 0);
    assert.deepEqual(JSON.parse(told.stdout), { valid: true, diagnostics: [] });
    assert.equal(told.stderr, 'talk | key: [unfinished\ntalk | the end\n');
  });

  it('has what it says in the log file of a run, too, also when that is silent', async () => {
    await using place = new Place();
    const file = place.file('talk.yaml', commands('echo "I was here" >&2', 'cat'));
    place.file('cix.yaml', pipeline('fine'));
    for (const mode of ['file', 'files']) {
      const args = ['exec', '--silent', '--logging', mode, '--logging-path', mode];
      const told = await place.cix([...args, '--plugin', file]);
      assert.equal(told.code, 0, told.stderr);
      const log = readFileSync(join(place.dir, mode, 'cix-execution.log'), 'utf8');
      assert.match(log, /^\S+ {2}INFO \ttalk \| I was here$/m);
    }
  });

  it('may leave processes behind, which end with it', async () => {
    await using place = new Place();
    const left = `sh -c 'sleep 2001; true' ${place.mark} &`;
    const told = await validate(place, commands('cat', left), pipeline('fine'));
    assert.equal(told.code, 0, told.stderr);
    assert.deepEqual(place.leftovers(), []);
  });
});

describe('a diagnostic about what a preprocessor has printed', () => {
  const wrong = commands('echo "# a line more"', 'sed s/commands/comands/');

  it('shows the line of that text, and says whose it is', async () => {
    await using place = new Place();
    const told = await validate(place, wrong, pipeline('a'));
    assert.equal(told.code, 2);
    assert.match(
      told.stderr,
      /pipeline\.yaml:6:7 after preprocessing by 'talk' {2}error {2}step 'a': unknown key `comands`/,
    );
    assert.match(told.stderr, / 6 │ +comands: \[echo I am a\]\n +│ +~~~~~~~\n/);
  });

  it('says so in JSON, too', async () => {
    await using place = new Place();
    const told = await validate(place, wrong, pipeline('a'), '--format', 'json');
    const { diagnostics } = JSON.parse(told.stdout) as {
      diagnostics: { where: { line: number; preprocessedBy?: string[] } }[];
    };
    const [first] = diagnostics;
    assert.deepEqual([first?.where.line, first?.where.preprocessedBy], [6, ['talk']]);
  });
});

describe('a preprocessor that gives no text is told with its name and the file:', () => {
  const failures: readonly (readonly [what: string, plugin: string, told: RegExp])[] = [
    [
      'one that fails, with its last words',
      commands('echo "no template" >&2', 'exit 3'),
      /plugin 'talk' failed: exit code 3\n +its last words: no template/,
    ],
    [
      'one that is not there',
      plugin('{command: [no-such-command]}'),
      /plugin 'talk' failed: exit code 127\n +its last words: .*no-such-command: not found/,
    ],
    ['one that is killed', commands('kill -9 $$'), /plugin 'talk' failed: signal KILL/],
    [
      'one that prints what is not UTF-8',
      commands(String.raw`printf '\377'`),
      /plugin 'talk' printed what is not UTF-8/,
    ],
    [
      'one that prints without end',
      commands('yes'),
      /plugin 'talk' printed more than 10 MB, which no pipeline is/,
    ],
  ];
  for (const [what, yaml, message] of failures)
    it(what, async () => {
      await using place = new Place();
      const told = await validate(place, yaml, pipeline('a'));
      assert.equal(told.code, 2, told.stderr);
      assert.match(told.stderr, /pipeline\.yaml {2}error {2}plugin/);
      assert.match(told.stderr, message);
      assert.doesNotMatch(told.stderr, /\n +at /);
    });

  it('and one that prints nothing gives an empty file', async () => {
    await using place = new Place();
    const told = await validate(place, commands('true'), pipeline('a'));
    assert.equal(told.code, 2);
    assert.match(told.stderr, /after preprocessing by 'talk' {2}error {2}.*empty/);
  });
});

describe('a plugin file', () => {
  it('is checked like a pipeline, all of them at once, before any is run', async () => {
    await using place = new Place();
    const one = place.file('one.yaml', 'version: 2.4\nkind: Plugin\npreprocesor: {image: a}\n');
    const two = place.file('two.yaml', plugin('{command: [touch, ran], image: a}'));
    const file = place.file('pipeline.yaml', pipeline('a'));
    for (const command of ['exec', 'validate']) {
      const told = await place.continuo([command, '--plugin', one, '--plugin', two, file]);
      assert.equal(told.code, 2);
      assert.match(told.stderr, /one\.yaml:3:1 {2}error {2}unknown key `preprocesor`/);
      assert.match(told.stderr, /did you mean `preprocessor`\?/);
      assert.match(told.stderr, /two\.yaml:3:\d+ {2}error .* cannot stand beside `image`/);
      assert.match(told.stderr, /2 errors\n$/);
    }
  });

  it('that is missing is named', async () => {
    await using place = new Place();
    const told = await place.continuo(['validate', '--plugin', 'none.yaml', 'p.yaml']);
    assert.equal(told.code, 2);
    assert.match(told.stderr, /none\.yaml {2}error {2}there is no such file/);
  });
});

describe('when the end is asked for while a preprocessor runs', () => {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    it(`by ${signal}, it ends at once, nothing of it is left, and nothing is complained about`, async () => {
      await using place = new Place();
      const running = await startedOnHost(place);
      running.child.kill(signal);
      const told = await running.told;
      assert.equal(told.code, code);
      assert.equal(told.stderr, 'talk | up\n');
      assert.deepEqual(place.leftovers(), []);
    });

  it('by KILL, its watchdog ends it', async () => {
    await using place = new Place();
    const running = await startedOnHost(place);
    running.child.kill('SIGKILL');
    await place.empty();
  });

  async function startedOnHost(place: Place) {
    const yaml = commands(
      "trap '' TERM INT",
      'echo up >&2',
      `sh -c 'sleep 2001; true' ${place.mark}`,
    );
    const running = start(place, yaml, pipeline('a'));
    await running.printed(/up/);
    await eventually(
      () => processesWith(place.mark).length > 0,
      () => 'it does not run',
    );
    return running;
  }
});

// What the image starts is a shell, which reads the text of the file as its script.
dockerSuite('a preprocessor in a container', () => {
  const shell = plugin(`{image: ${imageOf('busybox')}}`);

  it('gets the text on standard input, and only its standard output is read', async () => {
    await using place = new Place();
    const script = `echo "a: [word" >&2\ncat <<END\n${pipeline('world').replace('I am', 'I am at $PWD as')}END\n`;
    const file = place.file('talk.yaml', shell);
    const told = await place.exec(script, ['--plugin', file]);
    assert.equal(told.code, 0, told.stderr);
    assert.match(told.stderr, /^talk \| a: \[word\n$/);
    // The container has nothing of this machine.
    assert.match(await place.output('world'), /I am at \/ as world/);
  });

  it('that fails is told with its exit code and last words', async () => {
    await using place = new Place();
    const told = await validate(place, shell, 'echo broken >&2; exit 3');
    assert.equal(told.code, 2);
    assert.match(told.stderr, /plugin 'talk' failed: exit code 3\n +its last words: broken/);
  });

  it('whose image cannot be had is told with what the registry says', async () => {
    await using place = new Place();
    const told = await validate(place, plugin('{image: localhost:1/none:1}'), pipeline('a'));
    assert.equal(told.code, 2);
    assert.match(
      told.stderr,
      /plugin 'talk' cannot be run: image localhost:1\/none:1 cannot be had/,
    );
  });

  it('is removed at once when the end is asked for, and by its watchdog after KILL', async () => {
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGKILL', null],
    ] as const) {
      await using place = new Place();
      const name = `talk-${place.mark}`;
      const file = place.file(`${name}.yaml`, shell);
      const script = place.file('pipeline.yaml', 'echo up >&2; sleep 2001; true');
      const running = place.start(['validate', '--plugin', file, script]);
      await running.printed(/up/);
      running.child.kill(signal);
      assert.equal((await running.told).code, code);
      const label = `continuo.task=${name}`;
      if (signal === 'SIGINT') assert.deepEqual(await labelled(docker, label), []);
      else await nothingLabelled(label);
    }
  });
});

describe('without an engine', () => {
  const nowhere = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' };

  it('a preprocessor that needs one is an executor that is not there', async () => {
    await using place = new Place();
    const file = place.file('talk.yaml', plugin('{image: some/image}'));
    const told = await place.continuo(
      ['validate', '--plugin', file, place.file('pipeline.yaml', pipeline('a'))],
      nowhere,
    );
    assert.equal(told.code, 3);
    assert.match(told.stderr, /start the engine.*plugin 'talk' needs it/);
  });

  it('one that an engine does not give its image to is an executor that is not there', async () => {
    const version = json(200, { Version: '28.0.0' });
    const isGone = json(500, { message: 'no space left on device' });
    await using engine = await PuppetEngine.start((request, response) =>
      (request.url?.endsWith('/version') === true ? version : isGone)(request, response),
    );
    await using place = new Place();
    const file = place.file('talk.yaml', plugin('{image: some/image}'));
    const args = ['--plugin', file, place.file('pipeline.yaml', pipeline('a'))];
    for (const command of ['validate', 'exec']) {
      const env = { DOCKER_HOST: `unix://${engine.path}` };
      const told = await place.continuo([command, ...args], env);
      assert.equal(told.code, 3, told.stderr);
      assert.match(told.stderr, /plugin 'talk' cannot be run: .*no space left on device/);
    }
  });

  it('one that needs none works', async () => {
    await using place = new Place();
    const file = place.file('talk.yaml', plugin('{command: [cat]}'));
    const told = await place.continuo(
      ['validate', '--plugin', file, place.file('pipeline.yaml', pipeline('a'))],
      nowhere,
    );
    assert.equal(told.code, 0, told.stderr);
  });
});

function start(place: Place, yaml: string, text: string, ...args: readonly string[]) {
  const file = place.file('talk.yaml', yaml);
  const read = place.file('pipeline.yaml', text);
  return place.start(['validate', ...args, '--plugin', file, read]);
}

const validate = (
  place: Place,
  yaml: string,
  text: string,
  ...args: readonly string[]
): Promise<Told> => start(place, yaml, text, ...args).told;
