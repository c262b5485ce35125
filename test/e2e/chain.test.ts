import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { imageOf } from '../images/images.ts';
import { Place } from '../rig/cli.ts';
import { HttpFiles } from '../rig/http-files.ts';
import { docker, dockerSuite } from '../rig/docker.ts';
import { LeftOfRuns } from '../rig/left-of-runs.ts';

const pipeline = (name: string, ...commands: readonly string[]): string =>
  `version: 2.1
pipeline:
  - step: {name: ${name}, commands-output: minimal, commands: ${JSON.stringify(commands)}}
`;

/** A place with a pipeline for each name, which leaves its name in `ran` before its command. */
function placeWith(commands: Readonly<Record<string, string>>): Place {
  const place = new Place();
  for (const [name, command] of Object.entries(commands))
    place.file(`${name}.yaml`, pipeline(name, `echo ${name} >> ran`, command));
  return place;
}

const ran = (place: Place): string[] =>
  existsSync(join(place.dir, 'ran'))
    ? readFileSync(join(place.dir, 'ran'), 'utf8').trim().split('\n')
    : [];

const usual = { up: 'true', one: 'true', two: 'true', down: 'true' };
const allOf = ['--setup', 'up.yaml', '-y', 'one.yaml', '-y', 'two.yaml', '--teardown', 'down.yaml'];
const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? '';

describe('a chain', () => {
  it('runs the setup, each file in its order, and the teardown', async () => {
    await using place = placeWith(usual);
    const told = await place.continuo(['exec', ...allOf]);
    assert.equal(told.code, 0, told.stderr);
    assert.deepEqual(ran(place), ['up', 'one', 'two', 'down']);
    assert.match(told.stdout, /^▸ file 1 of 4: up.yaml \(setup\)$[^]*^▸ file 4 of 4: down/m);
    assert.match(lastLine(told.stdout), /^✓ all 4 files succeeded after /);
    assert.equal(told.stderr, '');
  });

  it('takes files without a flag first, and cix.yaml when none is named', async () => {
    await using place = placeWith({ ...usual, cix: 'true' });
    assert.equal((await place.continuo(['exec', '-y', 'two.yaml', 'one.yaml'])).code, 0);
    assert.equal((await place.continuo(['exec', '--teardown', 'down.yaml'])).code, 0);
    assert.deepEqual(ran(place), ['one', 'two', 'cix', 'down']);
    assert.match((await place.continuo(['validate'])).stdout, /^cix\.yaml: valid/);
  });

  it('goes on up to the first file that fails, and with the teardown', async () => {
    await using place = placeWith({ ...usual, one: 'exit 3' });
    const told = await place.continuo(['exec', ...allOf]);
    assert.equal(told.code, 1);
    assert.deepEqual(ran(place), ['up', 'one', 'down']);
    assert.match(
      lastLine(told.stdout),
      /^✗ chain failed after .*: one.yaml failed, two.yaml was skipped, teardown down.yaml succeeded$/,
    );
  });

  it('runs nothing but the teardown after a setup that fails', async () => {
    await using place = placeWith({ ...usual, up: 'exit 3' });
    assert.equal((await place.continuo(['exec', ...allOf])).code, 1);
    assert.deepEqual(ran(place), ['up', 'down']);
  });

  it('fails when only its teardown does', async () => {
    await using place = placeWith({ ...usual, down: 'exit 3' });
    const told = await place.continuo(['exec', ...allOf]);
    assert.equal(told.code, 1);
    assert.match(lastLine(told.stdout), /^✗ chain failed after .*: teardown down.yaml failed$/);
  });

  it('reads each file just before it runs, so that one can write the next', async () => {
    const write = (name: string): string => `sed s/one/${name}/g one.yaml > ${name}.yaml`;
    await using place = placeWith({ up: write('two'), one: write('down'), two: 'false' });
    const told = await place.continuo(['exec', ...allOf]);
    assert.equal(told.code, 0, told.stdout + told.stderr);
    assert.deepEqual(ran(place), ['up', 'one', 'two', 'down'], 'two is not what it was');
  });

  it('reads what a file imports just before it runs, too, so that one can write that', async () => {
    await using place = placeWith(usual);
    const imports = (name: string, src: string): string =>
      `version: 2.1\nimports: { ${name}: { src: ${src} } }\npipeline: [{ import: [${name}] }]\n`;
    place.file('two.yaml', imports('lib', 'lib/steps.yaml'));
    place.file(
      'one.yaml',
      pipeline(
        'one',
        'mkdir lib',
        'echo "steps: {name: lib, pipeline: [{step: {name: y, commands: [echo y >> ran]}}]}" > lib/steps.yaml',
      ),
    );
    const told = await place.continuo(['exec', ...allOf]);
    assert.equal(told.code, 0, told.stdout + told.stderr);
    assert.equal(told.stderr, '');
    assert.deepEqual(ran(place), ['up', 'y', 'down']);
    place.file('two.yaml', imports('lib', 'nowhere.yaml'));
    const missing = await place.continuo(['exec', 'two.yaml', 'one.yaml']);
    assert.deepEqual([missing.code, missing.stdout], [2, ''], 'nobody could write it');
    const late = await place.continuo(['exec', 'up.yaml', 'two.yaml']);
    assert.equal(late.code, 2);
    assert.match(late.stderr, /^nowhere\.yaml {2}error {2}there is no such file/m);
  });

  it('reads what is at an address just before it runs, too, whether or not anything was there before', async () => {
    await using place = placeWith(usual);
    await using server = await HttpFiles.start(({ url = '' }, response) => {
      const path = join(place.dir, url);
      response.statusCode = existsSync(path) ? 200 : 404;
      response.end(existsSync(path) ? readFileSync(path) : '');
    });
    const write = 'sed s/two/2/g two.yaml > new.yaml; cp new.yaml two.yaml';
    place.file('one.yaml', pipeline('one', 'echo one >> ran', write));
    const [two, fresh, none] = ['/two.yaml', '/new.yaml', '/none.yaml'].map((at) => server.at(at));
    const told = await place.continuo(['exec', 'one.yaml', two!, fresh!]);
    assert.equal(told.code, 0, told.stdout + told.stderr);
    assert.deepEqual(ran(place), ['one', '2', '2']);
    assert.equal(told.stderr, '');
    const first = await place.continuo(['exec', none!, 'one.yaml']);
    assert.deepEqual([first.code, first.stdout], [2, ''], 'nobody could put it there');
    const late = await place.continuo(['exec', 'one.yaml', none!, '--teardown', 'down.yaml']);
    assert.equal(late.code, 2);
    assert.match(late.stderr, /\/none\.yaml {2}error {2}there is no such file on the server: 404/);
    assert.deepEqual(ran(place).slice(3), ['one', 'down']);
  });

  it('says at its turn what is wrong with a file that was not there before', async () => {
    await using place = placeWith({ ...usual, up: 'echo oops > two.yaml' });
    rmSync(join(place.dir, 'two.yaml'));
    const told = await place.continuo(['exec', ...allOf]);
    assert.equal(told.code, 2);
    assert.deepEqual(ran(place), ['up', 'one', 'down']);
    assert.match(told.stderr, /^two\.yaml:1:1 {2}error/m);
    assert.match(lastLine(told.stdout), /: two.yaml is not valid, teardown down.yaml succeeded$/);
  });

  it('fails at a file that nothing has written, and runs the teardown', async () => {
    await using place = placeWith(usual);
    const told = await place.continuo([
      ...['exec', '-y', 'one.yaml', '-y', 'nowhere.yaml', '--teardown', 'down.yaml'],
    ]);
    assert.equal(told.code, 2);
    assert.deepEqual(ran(place), ['one', 'down']);
    assert.match(told.stderr, /nowhere\.yaml.*there is no such file/);
  });

  it('finds all mistakes of all files beforehand; then only the teardown runs', async () => {
    await using place = placeWith(usual);
    for (const name of ['one', 'two']) place.file(`${name}.yaml`, 'version: 2.1\npipelin: []\n');
    const told = await place.continuo(['exec', ...allOf]);
    assert.equal(told.code, 2);
    assert.deepEqual(ran(place), ['down']);
    assert.match(told.stderr, /^one\.yaml:2:1[^]*^two\.yaml:2:1[^]*^2 errors$/m);
  });

  it('that is kept from beginning by files that it may write itself says so, and how it may begin', async () => {
    await using place = placeWith(usual);
    const way = 'if an earlier file of the chain is to write it, remove it first';
    const toldOf = async (program: 'continuo' | 'cix', ...files: string[]): Promise<string> => {
      const args = files.flatMap((file) => ['-y', file]);
      return (await place[program](['exec', ...args])).stderr;
    };
    place.file('two.yaml', 'version: 2.1\npipelin: []\n');
    for (const program of ['continuo', 'cix'] as const)
      assert.equal(
        lastLine(await toldOf(program, 'one.yaml', 'two.yaml')),
        `${program}: warning: nothing was started: two.yaml has mistakes; ${way}`,
      );
    place.file('lib.yaml', 'version: 2\n');
    place.file(
      'up.yaml',
      'version: 2.1\nimports: {lib: {src: lib.yaml}}\npipeline: [{import: [lib]}]\n',
    );
    const all = ['-y', 'one.yaml', '-y', 'two.yaml', '-y', 'up.yaml', '--teardown', 'down.yaml'];
    assert.match(
      (await place.continuo(['exec', ...all])).stderr,
      /: nothing but the teardown is started: two.yaml and lib.yaml have mistakes; .* write them, remove them first/,
    );
    assert.deepEqual(ran(place), ['down']);
    for (const files of [['two.yaml'], ['two.yaml', 'one.yaml'], ['two.yaml', 'up.yaml']])
      assert.doesNotMatch(
        await toldOf('continuo', ...files),
        /remove (it|them) first/,
        'nobody writes it',
      );
    const validated = await place.continuo(['validate', 'one.yaml', 'two.yaml']);
    assert.doesNotMatch(validated.stderr, /remove (it|them) first/);
  });

  it('starts nothing when its teardown has a mistake', async () => {
    await using place = placeWith(usual);
    place.file('down.yaml', 'version: 2\n');
    const told = await place.continuo(['exec', ...allOf]);
    assert.equal(told.code, 2);
    assert.deepEqual(ran(place), []);
    assert.equal(told.stdout, '');
  });

  it('runs a teardown for this machine when the engine that the others need is not there', async () => {
    await using place = placeWith(usual);
    place.file('two.yaml', pipeline('two', 'true').replace('{', '{image: busybox, '));
    const env = { DOCKER_HOST: `unix://${place.dir}/no.sock` };
    const told = await place.continuo(['exec', ...allOf], env);
    assert.equal(told.code, 3, told.stderr);
    assert.deepEqual(ran(place), ['down']);
    assert.equal(told.stderr.match(/DOCKER_HOST/g)?.length, 1, told.stderr);
  });

  it('reads what comes through a pipe once', async () => {
    await using place = placeWith(usual);
    execFileSync('mkfifo', [join(place.dir, 'pipe')]);
    const told = place.continuo(['exec', 'one.yaml', 'pipe']);
    await writeFile(join(place.dir, 'pipe'), pipeline('piped', 'echo piped >> ran'));
    assert.equal((await told).code, 0, (await told).stderr);
    assert.deepEqual(ran(place), ['one', 'piped']);
  });

  it('is told to programs between the events of its runs', async () => {
    await using place = placeWith({ ...usual, one: 'exit 3' });
    const told = await place.continuo(['exec', '--format', 'json', ...allOf]);
    const types = told.stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { type: string }).type)
      .filter((type) => type.startsWith('chain.') || type.startsWith('run.'));
    const run = ['chain.next', 'run.started', 'run.ended'];
    assert.deepEqual(types, [...run, ...run, 'chain.skipped', ...run, 'chain.ended']);
  });

  it('shows nothing of itself or its runs when it is silent', async () => {
    await using place = placeWith({ ...usual, one: 'exit 3' });
    const told = await place.continuo(['exec', '--silent', ...allOf]);
    assert.deepEqual([told.code, told.stdout, told.stderr], [1, '', '']);
    assert.deepEqual(ran(place), ['up', 'one', 'down']);
  });

  it('calls its pipelines by the alias, and not its setup and teardown', async () => {
    await using place = placeWith(usual);
    const names = async (...args: string[]): Promise<string[]> => {
      const told = await place.continuo(['exec', '-a', 'nightly', ...args]);
      return [...told.stdout.matchAll(/pipeline '(.*)', run/g)].map(([, name]) => name!);
    };
    assert.deepEqual(await names(...allOf), ['up', 'nightly: one', 'nightly: two', 'down']);
    assert.deepEqual(await names('one.yaml'), ['nightly']);
  });

  it('can be long without a warning', async () => {
    await using place = placeWith(usual);
    const told = await place.continuo(['exec', ...Array.from({ length: 14 }, () => 'one.yaml')]);
    assert.deepEqual([told.code, told.stderr], [0, '']);
  });
});

it('four chains at once in one directory do not disturb one another', async () => {
  await using place = placeWith({ ...usual, one: 'sleep 0.2' });
  const all = await Promise.all(
    Array.from({ length: 4 }, (_, nth) => place.continuo(['exec', '-e', `NTH=${nth}`, ...allOf])),
  );
  for (const told of all) {
    assert.equal(told.code, 0, told.stdout + told.stderr);
    assert.equal(told.stderr, '');
  }
  assert.equal(ran(place).length, 16);
  assert.equal((await place.continuo(['runs'])).stdout.trimEnd().split('\n').length, 16);
});

/** Says `hello`, then sleeps under its mark until it is told to end. */
const endless = (place: Place, name: string): string =>
  pipeline(name, `echo ${name} >> ran`, `echo hello; sh -c 'sleep 1000; true' ${place.mark}`);

describe('a signal', () => {
  for (const [signal, code] of [
    ['INT', 130],
    ['TERM', 143],
    ['HUP', 129],
  ] as const)
    it(`${signal} ends what runs, skips what follows, and lets the teardown run`, async () => {
      await using place = placeWith(usual);
      place.file('one.yaml', endless(place, 'one'));
      const running = place.start(['exec', ...allOf]);
      await running.printed(/one +│ hello/);
      running.child.kill(`SIG${signal}`);
      const told = await running.told;
      assert.equal(told.code, code);
      assert.deepEqual(ran(place), ['up', 'one', 'down']);
      assert.match(
        lastLine(told.stdout),
        new RegExp(`^○ chain cancelled by ${signal} after .*: one.yaml was cancelled, two`),
      );
      assert.equal(told.stderr, '');
    });

  it('ends the teardown as well when it comes while that runs', async () => {
    await using place = placeWith(usual);
    place.file('one.yaml', endless(place, 'one'));
    place.file('down.yaml', endless(place, 'down'));
    const running = place.start(['exec', ...allOf]);
    await running.printed(/one +│ hello/);
    running.child.kill('SIGINT');
    await running.printed(/down +│ hello/);
    running.child.kill('SIGTERM');
    const told = await running.told;
    assert.equal(told.code, 130, 'the first one counts');
    assert.match(
      lastLine(told.stdout),
      /chain cancelled by INT .* teardown down.yaml was cancelled/,
    );
    assert.deepEqual(place.leftovers(), []);
  });

  it('while only the console lags behind goes on with the teardown, and shows it in its turn', async () => {
    await using place = placeWith({ ...usual, one: 'seq 2000000' });
    const running = place.start(['exec', ...allOf]);
    await running.printed(/one +│ 1000$/m);
    running.child.stdout!.pause();
    for (let over = false; !over;)
      over = (await place.events()).some(
        (event) => event.type === 'run.ended' && ran(place).includes('one'),
      );
    running.child.kill('SIGINT');
    while (!ran(place).includes('down')) await delay(20);
    running.child.stdout!.resume();
    const told = await running.told;
    assert.equal(told.code, 130);
    assert.deepEqual(ran(place), ['up', 'one', 'down']);
    assert.ok(told.stdout.split('\n').length < 1_500_000, 'the rest was not wanted');
    assert.match(told.stdout, /^✓ succeeded[^]*^▸ file 4 of 4: down[^]*^✓ succeeded/m);
    assert.match(lastLine(told.stdout), /^○ chain cancelled by INT/);
  });

  it('while a file is read that does not come is not waited for', async () => {
    for (const teardown of [[], ['--teardown', 'down.yaml']]) {
      await using place = placeWith(usual);
      execFileSync('mkfifo', [join(place.dir, 'pipe')]);
      const running = place.start(['exec', 'pipe', ...teardown]);
      // By then somebody reads there, who gets nothing.
      const pipe = openSync(join(place.dir, 'pipe'), 'w');
      running.child.kill('SIGTERM');
      const told = await running.told;
      // Until now it was open: whoever had waited for it would be waiting still.
      closeSync(pipe);
      assert.equal(told.code, 143, told.stderr);
      assert.deepEqual(ran(place), teardown.length > 0 ? ['down'] : []);
      if (teardown.length === 0) assert.match(told.stderr, /TERM: nothing was started\n$/);
      else assert.match(lastLine(told.stdout), /^○ chain cancelled by TERM/);
    }
  });

  it('before anything can start says so, and starts nothing', async () => {
    await using place = placeWith(usual);
    const running = place.start(['exec', '--secret-stdin', 'TOKEN', ...allOf]);
    const stdin = running.child.stdin!;
    // No more than a part of it has room in between: it is being read.
    if (!stdin.write(Buffer.alloc(4 * 1024 * 1024, 'x'))) await once(stdin, 'drain');
    stdin.on('error', () => undefined);
    running.child.kill('SIGINT');
    const told = await running.told;
    assert.equal(told.code, 130);
    assert.equal(told.stderr, 'continuo: warning: INT: nothing was started\n');
    assert.deepEqual(ran(place), []);
  });
});

it('signals at random moments leave nothing, end as the first says, and the teardown has run', async () => {
  const kills = Number(process.env['CONTINUO_RANDOM_KILLS'] ?? 10);
  for (let kill = 0; kill < kills; kill++) {
    await using place = placeWith({ ...usual, up: 'sleep 0.1' });
    place.file('one.yaml', endless(place, 'one'));
    const [signal, code] = (
      [
        ['INT', 130],
        ['TERM', 143],
        ['HUP', 129],
      ] as const
    )[kill % 3]!;
    const running = place.start(['exec', ...allOf]);
    const after = Math.random() * 1_000;
    await delay(after);
    running.child.kill(`SIG${signal}`);
    const isAskedTwice = kill % 2 === 1;
    if (isAskedTwice) {
      await delay(Math.random() * 100);
      running.child.kill('SIGINT');
    }
    const told = await running.told;
    const what = `${signal} after ${after} ms: ${told.stdout}${told.stderr}`;
    // Two at once come in any order. Before there is anything that listens, they end the process.
    const expected = isAskedTwice ? [code, 130] : [code];
    const isEnded = told.code === null ? told.signal !== null : expected.includes(told.code);
    assert.ok(isEnded, `${told.code} ${told.signal} ${what}`);
    assert.deepEqual(place.leftovers(), [], what);
    assert.ok((told.stdout.match(/chain cancelled/g)?.length ?? 0) <= 1, what);
    assert.doesNotMatch(told.stderr, /error|\n\s+at /, what);
    if (ran(place).length === 0) continue;
    assert.match(lastLine(told.stdout), /^○ chain cancelled by (INT|TERM|HUP)/, what);
    assert.match(told.stdout, /file 4 of 4: down/, what);
    if (!isAskedTwice) assert.equal(ran(place).at(-1), 'down', what);
  }
});

dockerSuite('a chain in containers', () => {
  it('that INT ends leaves nothing on the engine, and its teardown has run there', async () => {
    await using place = placeWith({ up: 'true' });
    const image = imageOf('busybox');
    const step = (rest: string): string => `  - step: {image: "${image}", ${rest}}\n`;
    const head = 'version: 2.1\npipeline:\n';
    place.file(
      'one.yaml',
      `${head}${step('name: db, background: true, commands: ["trap exit TERM; sleep 2010 & wait"]')}` +
        step(`name: work, commands: ["echo hello; sh -c 'sleep 2011; true' ${place.mark}"]`),
    );
    place.file('down.yaml', `${head}${step('name: down, commands: ["echo down >> ran"]')}`);
    const args = ['--setup', 'up.yaml', '-y', 'one.yaml', '--teardown', 'down.yaml'];
    const running = place.start(['exec', '-P', 'Never', ...args]);
    await running.printed(/work +│ hello/);
    running.child.kill('SIGINT');
    const told = await running.told;
    assert.equal(told.code, 130, told.stdout + told.stderr);
    assert.deepEqual(ran(place), ['up', 'down']);
    assert.match(
      lastLine(told.stdout),
      /^○ chain cancelled by INT after .*: one.yaml was cancelled/,
    );
    assert.equal(told.stderr, '');
    await new LeftOfRuns(docker, place).assertNone();
  });
});
