import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { Place, eventually, processesWith } from '../rig/cli.ts';
import { FaultProxy } from '../rig/fault-proxy.ts';
import { freePort } from '../rig/ports.ts';
import { ask, comesTo, resume } from '../rig/server-runs.ts';
import { serve } from '../rig/serving.ts';

import type { Running, Told } from '../rig/cli.ts';
import type { Serving } from '../rig/serving.ts';

const phased = (mark: string): string => `version: 2.1
pipeline:
  - step:
      name: db
      background: true
      commands-output: minimal
      commands: ['echo up; until [ -e die ]; do sleep 0.02; done; exit 7 # ${mark}']
      ready: {log: ^up}
  - step: {name: first, commands-output: minimal, commands: [echo says-first]}
  - steps:
      name: group
      pipeline:
        - step:
            name: second
            commands-output: minimal
            environment: [{name: FOO, default: nothing}, {name: KEY, default: none}]
            commands: ['echo says-second $FOO $KEY']
        - step: {name: third, commands-output: minimal, commands: [echo says-third]}
  - step: {name: fourth, commands-output: minimal, commands: [echo says-fourth]}
`;

const one = (command: string): string => `version: 2.1
pipeline: [{step: {name: a, commands-output: minimal, commands: ['${command}']}}]
`;

/** A place with a server, and CIX's command line to ask it with. */
async function session(place: Place) {
  const server = await serve(place);
  const cix = (...args: string[]): Promise<Told> =>
    place.cix([...args, '--port', String(server.port)]);
  /** What was said without its time. */
  const says = async (...args: string[]): Promise<string> => {
    const { stdout, stderr, code } = await cix(...args);
    assert.equal(code, 0, `${args.join(' ')}: ${stdout}${stderr}`);
    return stdout.replaceAll(/^\S+T\S+ {2}/gm, '');
  };
  return { server, cix, says };
}

interface Item {
  readonly name: string;
  readonly status?: string;
  readonly service?: string;
  readonly steps?: readonly Item[];
}

const statuses = (items: readonly Item[] = []): string[] =>
  items.flatMap(({ name, status, steps }) =>
    steps ? statuses(steps) : [`${name} ${status ?? ''}`],
  );

describe('phased execution by the commands of CIX', () => {
  it('loads, describes, goes on by steps and to the end, with a service up all the time', async () => {
    await using place = new Place();
    place.file('p.yaml', phased(place.mark));
    const { server, says, cix } = await session(place);
    const steps = async () =>
      statuses((JSON.parse(await says('describe', '--stdout')) as Item).steps);
    assert.match(await says('load', '-y', 'p.yaml'), /Pipeline\(s\) loaded, use 'cix resume' to/);
    assert.match(await says('pipelines', '--status'), /Pipeline Status: "ready"/);
    assert.deepEqual(await steps(), [
      ...['db ready', 'first ready', 'second ready', 'third ready', 'fourth ready'],
    ]);
    assert.match(await says('pipelines', '--status'), /Pipeline Status: "loaded"/);

    await says('describe', '--file', 'steps.json');
    const { stderr } = await cix('describe', '--stderr');
    assert.equal(readFileSync(join(place.dir, 'steps.json'), 'utf8'), stderr);

    const next = await says('resume', '--next');
    assert.match(next, /INFO \tResume: running pipeline to next step\.\n/);
    assert.match(next, /^db {18} \| up\n/m);
    assert.match(
      next,
      /Pausing pipeline before step 'first'\.\n.*Step\(s\) completed successfully/,
    );
    assert.match(await says('resume', '--next'), /^first {15} \| says-first\n/m);
    assert.match(await says('pipelines', '--status'), /"paused"/);
    assert.match(await says('describe', '--stdout'), /"service": "ready"/);

    const given = { name: 'FOO', value: 'between-phases', type: 'environment' };
    const post = await server.ask('/api/pipeline/latest/environment', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(given),
    });
    assert.equal(post.status, 200);
    const to = await says('resume', '--to', 'second');
    assert.match(to, /\(and including\) step named 'second'/);
    assert.match(to, /^second {14} \| says-second between-phases none\n/m);
    assert.doesNotMatch(to, /says-first|says-third/);

    const rest = await says('resume', '--to', 'something');
    assert.match(rest, /WARN \tThere is no step 'something': running pipeline to completion/);
    assert.match(rest, /says-third[\s\S]*says-fourth[\s\S]*Pipeline completed successfully/);
    assert.deepEqual(await steps(), [
      ...['db successful', 'first successful', 'second successful', 'third successful'],
      'fourth successful',
    ]);
    for (const over of [['resume', '--next'], ['resume'], ['kill']]) {
      const { code, stderr } = await cix(...over);
      assert.deepEqual([code, /has ended/.test(stderr)], [6, true], stderr);
    }
  });

  it('runs all of a parallel group to which it is to go on, and warns of that', async () => {
    await using place = new Place();
    place.file(
      'p.yaml',
      `version: 2.1
pipeline:
  - steps:
      name: both
      parallel: true
      pipeline:
        - step: {name: quick, commands-output: minimal, commands: [echo says-quick]}
        - steps:
            name: slow
            pipeline:
              - step: {name: one, commands-output: minimal, commands: [echo says-one]}
              - step: {name: two, commands-output: minimal, commands: [echo says-two]}
  - step: {name: last, commands-output: minimal, commands: [echo says-last]}
`,
    );
    const { server, says } = await session(place);
    const loaded = () => says('load', '-y', 'p.yaml');
    await loaded();
    const told = await says('resume', '--to', 'quick');
    assert.match(told, /WARN \t.*'quick' stands in the parallel group 'both': all of that runs/);
    for (const name of ['quick', 'one', 'two']) assert.match(told, new RegExp(`says-${name}`));
    assert.doesNotMatch(told, /says-last/);
    await says('kill');
    await loaded();
    const args = ['resume', '--to', 'one', '--server', `http://127.0.0.1:${server.port}`];
    const { code, stdout, stderr } = await place.continuo(args);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^run [\w-]+ goes on\n$/);
    assert.match(stderr, /warning: run [\w-]+: 'one' stands in the parallel group 'both': all/);
    await says('kill');
  });

  it('tells of a service that dies in a pause, and stops the next resume with that', async () => {
    await using place = new Place();
    place.file('p.yaml', phased(place.mark));
    const { says, cix } = await session(place);
    await says('load', '-y', 'p.yaml');
    await says('resume', '--to', 'first');
    place.file('die', '');
    await eventually(
      () => processesWith(place.mark).every((line) => !line.includes('until')),
      () => 'the service lives',
    );
    const { code, stdout } = await cix('resume');
    assert.equal(code, 3, stdout);
    assert.match(stdout, /ERROR\t.*db.*(exit code|status) 7/);
    assert.doesNotMatch(stdout, /says-second/);
    assert.match(await says('pipelines', '--status'), /"failed"/);
  });

  it('kills the pipeline that is meant, by its id, by an alias, or the latest', async () => {
    await using place = new Place();
    place.file('p.yaml', phased(place.mark));
    const { says } = await session(place);
    await says('load', '-y', 'p.yaml', '-a', 'blue');
    await says('load', '-y', 'p.yaml', '--set-alias', 'green');
    const idOf = async (alias: string): Promise<string> =>
      /-> (\S+)/.exec(await says('pipelines', '--get-alias', alias))![1]!;
    const [blue, green] = [await idOf('blue'), await idOf('green')];
    assert.notEqual(blue, green);
    assert.equal(await idOf('latest'), green);
    await says('pipelines', '--set-alias', 'azure', '--pipeline-id', blue);
    assert.equal(await idOf('azure'), blue);
    const list = await says('pipelines');
    assert.match(list, new RegExp(`- ${blue}\\n.*alias: azure\\n.*alias: blue\\n`));
    assert.match(list, new RegExp(`- ${green}\\n.*alias: latest\\n.*alias: green\\n`));
    await says('resume', '--next', '--pipeline-alias', 'azure');
    await says('resume', '--next', '--pipeline-id', green, '--no-remote-logs');
    await says('kill', '--pipeline-alias', 'blue');
    await says('kill');
    for (const id of [blue, green]) {
      const status = async () => says('pipelines', '--status', '--pipeline-id', id);
      let told = await status();
      while (!told.includes('"skipped"')) told = await status();
    }
  });
});

describe('a server that cix exec leaves its work to', () => {
  it('runs a chain, and shows it as if it ran here; the exit code is that of its end', async () => {
    await using place = new Place();
    place.file('a.yaml', one('echo from-a > made; echo says-a'));
    place.file('b.yaml', one('cat made; exit 5'));
    place.file('c.yaml', one('echo says-c'));
    place.file('end.yaml', one('echo says-end'));
    const { cix, says } = await session(place);
    const told = await says('exec', '--remote', '-y', 'a.yaml');
    assert.match(
      told,
      /Starting Pipeline: \S+\n[\s\S]*a {19} \| says-a\n[\s\S]*completed successf/,
    );
    const chain = ['--setup', 'a.yaml', '-y', 'b.yaml', '-y', 'c.yaml', '--teardown', 'end.yaml'];
    const { code, stdout } = await cix('exec', '--remote', ...chain);
    assert.equal(code, 3, stdout);
    assert.match(
      stdout,
      /Executing pipeline 1 of 4: a\.yaml[\s\S]*says-a[\s\S]*from-a[\s\S]*says-end/,
    );
    assert.match(stdout, /Skipping pipeline 3 of 4: c\.yaml/);
    assert.doesNotMatch(stdout, /says-c/);
  });

  it('runs a pipeline that another of the chain has written', async () => {
    await using place = new Place();
    place.file(
      'a.yaml',
      one(`printf "${one('echo says-b').replaceAll('\n', '\\n').replaceAll("'", '')}" > b.yaml`),
    );
    const { says } = await session(place);
    assert.match(await says('exec', '--remote', '-y', 'a.yaml', '-y', 'b.yaml'), /says-b/);
  });

  it('writes log files where it waits, as if it ran here, with what is said of a chain and of its mistakes', async () => {
    await using place = new Place();
    place.file('p.yaml', one('seq 1 500'));
    place.file('fails.yaml', one('exit 3'));
    place.file('broken.yaml', 'version: 2.1\npipelin: []\n');
    const { cix } = await session(place);
    const read = (folder: string): string[] =>
      readdirSync(join(place.dir, folder))
        .map((name) => readFileSync(join(place.dir, folder, name), 'utf8'))
        .map((text) => text.replaceAll(/^\S+T\S+|\d{8}-\d{6}-\w{5}|Pipeline \w{8}/gm, ''))
        .sort();
    for (const [nth, files, code, count] of [
      [1, ['p.yaml'], 0, 2],
      [2, ['p.yaml', 'fails.yaml', 'p.yaml'], 3, 3],
      [3, ['broken.yaml'], 2, 1],
    ] as const) {
      const args = [...files.flatMap((file) => ['-y', file]), '-l', 'files', '-p'];
      assert.equal((await cix('exec', '--remote', ...args, `there${nth}`)).code, code);
      assert.equal((await cix('exec', ...args, `here${nth}`)).code, code);
      assert.equal(read(`there${nth}`).length, count);
      assert.deepEqual(read(`there${nth}`), read(`here${nth}`));
    }
  });

  it('is found at DEFAULT_CIX_SERVER_PORT; steps are told where it is by CIX_HOSTNAME and CIX_SERVER_PORT', async () => {
    await using place = new Place();
    place.file('p.yaml', one('echo "at $CIX_HOSTNAME:$CIX_SERVER_PORT"'));
    const { server, cix } = await session(place);
    const there = await cix('exec', '--remote', '-y', 'p.yaml', '--host', 'localhost');
    assert.match(there.stdout, new RegExp(`at localhost:${server.port}\n`));
    const env = { DEFAULT_CIX_SERVER_PORT: String(server.port) };
    const found = await place.cix(['exec', '--remote', '-y', 'p.yaml'], env);
    assert.match(found.stdout, new RegExp(`at 127\\.0\\.0\\.1:${server.port}\n`));
    const here = await place.cix(['exec', '-y', 'p.yaml', '--host', 'a.test', '--port', '4711']);
    assert.match(here.stdout, /at a\.test:4711\n/);
    const plain = await place.cix(['exec', '-y', 'p.yaml']);
    assert.match(plain.stdout, new RegExp(`at ${hostname()}:10030\n`));
  });

  it('runs a pipeline whose import another of the chain has written', async () => {
    await using place = new Place();
    const { cix } = await session(place);
    place.file('a.yaml', one('cp made later.yaml'));
    place.file(
      'made',
      'steps: {name: lib, pipeline: [{step: {name: b, commands: [echo says-b]}}]}',
    );
    place.file(
      'b.yaml',
      'version: 2.1\nimports: {lib: {src: later.yaml}}\npipeline: [{import: [lib]}]\n',
    );
    const told = await cix('exec', '--remote', '-y', 'a.yaml', '-y', 'b.yaml');
    assert.equal(told.code, 0, told.stderr);
    assert.match(told.stdout, /says-b/);
    rmSync(join(place.dir, 'later.yaml'));
    const alone = await cix('exec', '--remote', '-y', 'b.yaml');
    assert.equal(alone.code, 2, alone.stderr);
    assert.match(alone.stderr, /later\.yaml/);
  });

  it('is waited for through pauses: the exit code is that of its end, also of what is linked', async () => {
    await using place = new Place();
    const waits = '{step: {name: a, commands: ["until [ -e go ]; do sleep 0.02; done"]}}';
    const fails = '{step: {name: b, commands: [exit 3]}}';
    place.file('first.yaml', one('echo says-first'));
    place.file('waits.yaml', `version: 2.1\npipeline: [${waits}, ${fails}]\n`);
    const { server, says } = await session(place);
    const port = ['--port', String(server.port)];
    const pauseAndGoOn = async (waiting: Running, told: RegExp): Promise<void> => {
      const [, run] = await waiting.printed(told);
      assert.equal(await ask(server, run!, { do: 'pause' }), '200');
      place.file('go', '');
      await comesTo(server, run!, ({ paused }) => paused !== undefined);
      await waiting.printed(/WARN.*paused/);
      assert.equal(await resume(server, run!), '200');
      const { code, stdout } = await waiting.told;
      assert.equal(code, 3, stdout);
      assert.match(stdout, /Pipeline failed: step 'b'/);
    };
    const begun = /Starting Pipeline: (\S+)\n[\s\S]*Starting step 'a'/;
    const exec = ['exec', '--remote', '-y', 'waits.yaml', ...port];
    await pauseAndGoOn(place.start(exec, {}, 'cix'), begun);
    rmSync(join(place.dir, 'go'));
    await says('load', '-y', 'first.yaml', '-y', 'waits.yaml');
    const second = new RegExp(`says-first[\\s\\S]*${begun.source}`);
    await pauseAndGoOn(place.start(['resume', ...port], {}, 'cix'), second);
  });

  it('waits for nothing, or shows nothing, when it is told so', async () => {
    await using place = new Place();
    place.file('wait.yaml', one('until [ -e go ]; do sleep 0.02; done; echo says-it'));
    const { says } = await session(place);
    const begun = await says('exec', '--remote', '--non-blocking', '-y', 'wait.yaml');
    assert.match(begun, /Pipeline \S+ executes wait\.yaml/);
    assert.match(await says('pipelines', '--status'), /"(initializing|running)"/);
    place.file('go', '');
    const quiet = await says('exec', '--remote', '--no-remote-logs', '-y', 'wait.yaml');
    assert.doesNotMatch(quiet, /says-it/);
    assert.match(quiet, /Pipeline completed successfully/);
  });

  it('is given secrets, which nobody ever sees', async () => {
    await using place = new Place();
    place.file('p.yaml', phased(place.mark));
    const { says, server } = await session(place);
    const told = await says('load', '-y', 'p.yaml', '-s', 'KEY=hunter2-hunter2', '-e', 'FOO=seen');
    const key = await server.ask('/api/pipeline/latest/environment/KEY');
    assert.deepEqual(await key.json(), { name: 'KEY', value: '********', type: 'secret' });
    const run = await says('resume');
    assert.match(run, /says-second seen \*+\n/);
    assert.doesNotMatch(`${told}${run}`, /hunter2/);
  });
});

describe('a chain that is loaded by cix load', () => {
  it('is the latest by its first pipeline, and goes on to its end when that is resumed', async () => {
    await using place = new Place();
    place.file('a.yaml', one('echo says-a'));
    place.file('b.yaml', one('echo says-b; exit 1'));
    place.file('end.yaml', one('echo says-end'));
    const { says, cix } = await session(place);
    const files = ['-y', 'a.yaml', '-y', 'b.yaml', '-y', 'a.yaml', '--teardown', 'end.yaml'];
    const loaded = await says('load', ...files);
    const [first] = [...loaded.matchAll(/as pipeline (\S+)\./g)].map(([, id]) => id);
    assert.match(await says('pipelines', '--get-alias', 'latest'), new RegExp(`-> ${first}\n`));
    const { code, stdout } = await cix('resume');
    assert.equal(code, 3, stdout);
    assert.match(stdout, /says-a[\s\S]*says-b[\s\S]*says-end/);
    assert.equal(stdout.match(/\| says-a/g)?.length, 1);
    assert.match(stdout, /says-b[\s\S]*WARN \tSkipping pipeline 3 of 4: a\n[\s\S]*says-end/);
    assert.doesNotMatch(stdout, /cancelled/);
    await says('load', ...files);
    const quiet = await cix('resume', '--no-remote-logs');
    const [said] = /Resume[\s\S]*/.exec(quiet.stdout.replaceAll(/^\S+T\S+ {2}/gm, ''))!;
    assert.deepEqual(said.trimEnd().split('\n').slice(1), [
      'INFO \tPipeline completed successfully.',
      'ERROR\tPipeline has failed: it failed.',
      'WARN \tSkipping pipeline 3 of 4: a',
      'INFO \tPipeline completed successfully.',
    ]);
  });
});

describe('a chain that a server does not take as a whole', () => {
  it('is taken back by cix load, which says so, or how what is left is ended', async () => {
    await using place = new Place();
    const port = await freePort();
    const server = await serve(place, { args: ['--allow-host', `127.0.0.1:${port}`] });
    await using between = await FaultProxy.start({ port }, { port: server.port });
    place.file('a.yaml', one('touch did-a'));
    place.file('end.yaml', one('touch did-end'));
    const load = (...files: string[]) =>
      place.cix(['load', ...files, '--teardown', 'end.yaml', '--port', String(port)], {
        CONTINUO_TOKEN: server.token,
      });
    const outside = await load('-y', 'a.yaml', '-y', 'a.yaml', '-y', '../outside.yaml');
    assert.equal(outside.code, 2, outside.stderr);
    assert.match(outside.stderr, /no such file[^\n]*\n[^\n]*what was ordered is taken back/);
    for (const when of [/^POST .*pipeline$/, /link/]) {
      between.rule({ fault: { kind: 'lose' }, when, times: 1 });
      const lost = await load('-y', 'a.yaml');
      assert.equal(lost.code, 4, lost.stderr);
      assert.match(lost.stderr, /what was ordered is taken back/);
    }
    between.rule({ fault: { kind: 'refuse' }, when: /link/, times: 1 });
    const unlinked = await load('-y', 'a.yaml');
    assert.equal(unlinked.code, 4, unlinked.stderr);
    assert.match(unlinked.stderr, /what was ordered is taken back/);
    between.rule({ fault: { kind: 'refuse' }, when: /link|commands/ });
    const left = await load('-y', 'a.yaml');
    assert.equal(left.code, 4, left.stderr);
    assert.doesNotMatch(left.stderr, /is taken back/);
    between.heal();
    const [, said] = /may still be at the server; end it with `(.*)`/.exec(left.stderr)!;
    for (const command of said!.split('; '))
      assert.equal((await place.cix(command.split(' ').slice(1))).code, 0, command);
    await allCancelled(server, 9);
  });

  it('is taken back by cix exec --remote when it cannot begin', async () => {
    await using place = new Place();
    const port = await freePort();
    const server = await serve(place, { args: ['--allow-host', `127.0.0.1:${port}`] });
    await using between = await FaultProxy.start({ port }, { port: server.port });
    between.rule({ fault: { kind: 'refuse' }, when: /commands/, times: 1 });
    place.file('a.yaml', one('touch did-a'));
    const args = ['-y', 'a.yaml', '--teardown', 'a.yaml', '--port', String(port)];
    const env = { CONTINUO_TOKEN: server.token };
    const told = await place.cix(['exec', '--remote', ...args], env);
    assert.equal(told.code, 4, told.stderr);
    assert.match(told.stderr, /what was ordered is taken back/);
    await allCancelled(server, 2);
    assert.ok(!existsSync(join(place.dir, 'did-a')));
  });
});

async function allCancelled(server: Serving, howMany: number): Promise<void> {
  const { runs } = (await (await server.ask('/api/v1/runs')).json()) as { runs: { id: string }[] };
  assert.equal(runs.length, howMany);
  for (const { id } of runs) await comesTo(server, id, ({ outcome }) => outcome === 'cancelled');
}

describe('a command of CIX that asks a server', () => {
  it('answers 4 where there is none, or it does not know us, and says what to do', async () => {
    await using place = new Place();
    place.file('p.yaml', one('true'));
    const port = String(await freePort());
    const asking = [
      ['load', '-y', 'p.yaml'],
      ['pipelines'],
      ['resume', '--next'],
      ['describe'],
      ['kill'],
      ['exec', '--remote', '-y', 'p.yaml'],
      ['validate', '--remote', '-y', 'p.yaml'],
    ];
    for (const args of asking) {
      const nobody = await place.cix([...args, '--port', port], { CONTINUO_TOKEN: 'abc' });
      assert.equal(nobody.code, 4, nobody.stderr);
      assert.match(nobody.stderr, /cannot reach a server at http.*start one with `cix server`/);
      const without = await place.cix([...args, '--port', port]);
      assert.equal(without.code, 4);
      assert.match(without.stderr, /no token for the server.*CONTINUO_TOKEN/);
    }
    const server = await serve(place);
    const at = ['--host', 'localhost', '--port', String(server.port)];
    const stranger = await place.cix(['pipelines', ...at], { CONTINUO_TOKEN: 'wrong' });
    assert.equal(stranger.code, 4);
    assert.match(stranger.stderr, /does not know this token.*CONTINUO_TOKEN/);
    const known = await place.cix(['pipelines', ...at], { CONTINUO_TOKEN: server.token });
    assert.equal(known.code, 0, known.stderr);
  });

  it('answers 6 where there is no such pipeline, and 2 where one has mistakes', async () => {
    await using place = new Place();
    place.file('good.yaml', one('true'));
    place.file('bad.yaml', one('true').replace('commands:', 'comands:'));
    const { cix, says } = await session(place);
    for (const args of [['resume'], ['describe', '--pipeline-id', 'x'], ['kill']]) {
      const { code, stderr } = await cix(...args);
      assert.deepEqual([code, /no such pipeline/.test(stderr)], [6, true], stderr);
    }
    for (const args of [['load'], ['exec', '--remote'], ['validate', '--remote']])
      for (const file of ['bad.yaml', 'missing.yaml']) {
        const { code, stderr } = await cix(...args, '-y', file, '-y', 'good.yaml');
        assert.equal(code, 2, stderr);
        assert.match(stderr, file === 'bad.yaml' ? /bad\.yaml:2:\d+[\s\S]*comands/ : /missing/);
      }
    assert.equal((await says('pipelines')).match(/ - /g), null, 'nothing was loaded');
    assert.match(await says('validate', '--remote', '-y', 'good.yaml'), /good\.yaml: valid\n/);
  });
});

describe('cix validate --remote', () => {
  it('has a file checked as cix load does: with its plugins, and a workspace that is looked for here', async () => {
    await using place = new Place();
    const there = join(place.dir, 'there');
    mkdirSync(join(there, 'ws'), { recursive: true });
    place.file('there/p.yaml', one('true').replace('commands:', 'comands:'));
    const sed = 'command: [sed, s/comands/commands/]';
    place.file('there/plugin.yaml', `version: 2.4\nkind: Plugin\npreprocessor: {${sed}}\n`);
    place.file('.cixconfig.yaml', 'plugins: [there/plugin.yaml]\n');
    const server = await serve(place, { args: ['-w', there] });
    const given = ['-y', 'there/p.yaml', '-w', 'there/ws', '--port', String(server.port)];
    for (const command of [['load'], ['validate', '--remote']]) {
      const told = await place.cix([...command, ...given]);
      assert.equal(told.code, 0, told.stderr);
    }
  });
});

describe('a check by a server that does not find what it needs', () => {
  it('ends cix validate --remote and cix load as it ends cix exec here', async () => {
    await using place = new Place();
    const preprocessor = '{image: alpine}';
    place.file('plugin.yaml', `version: 2.4\nkind: Plugin\npreprocessor: ${preprocessor}\n`);
    place.file('.cixconfig.yaml', 'plugins: [plugin.yaml]\n');
    place.file('p.yaml', one('true'));
    const env = { DOCKER_HOST: 'unix:///nowhere.sock' };
    const port = ['--port', String(await freePort())];
    await place.start(['server', ...port], env).printed(/Ctrl-C/);
    assert.equal((await place.cix(['exec', '-y', 'p.yaml'], env)).code, 5);
    for (const args of [['validate', '--remote'], ['load']]) {
      const { code, stderr } = await place.cix([...args, '-y', 'p.yaml', ...port]);
      assert.equal(code, 5, stderr);
      assert.match(stderr, /cannot run here/);
    }
  });
});

describe('cix server', () => {
  it('is left running in the background, runs pipelines, and says how it is ended', async () => {
    await using place = new Place();
    place.file('p.yaml', one('echo says-it'));
    const port = String(await freePort());
    const started = await place.cix(['server', '--detach', '--port', port]);
    assert.equal(started.code, 0, started.stderr);
    const pid = Number(/`kill (\d+)` ends the server/.exec(started.stdout)![1]);
    try {
      const told = await place.cix(['exec', '--remote', '-y', 'p.yaml', '--port', port]);
      assert.equal(told.code, 0, told.stderr);
      assert.match(told.stdout, /says-it/);
      const again = await place.cix(['server', '-d', '--port', port]);
      assert.equal(again.code, 5, again.stderr);
      const log = readFileSync(join(place.stateDir, 'server', 'server.log'), 'utf8');
      assert.match(log, /another server/);
      const wrong = await place.cix(['server', '-d', '--port', port, '-w', 'nowhere']);
      assert.equal(wrong.code, 1, wrong.stderr);
    } finally {
      process.kill(pid, 'SIGTERM');
    }
  });
});
