import assert from 'node:assert/strict';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { Place } from '../rig/cli.ts';
import {
  command,
  harnessGroup,
  harnessRun,
  harnessStage,
  harnessStep,
} from '../rig/harness-stage.ts';
import { freePorts } from '../rig/real.ts';

const service = (id: string, shell: string, script: string, spec = '', more?: string): string =>
  harnessStep('Background', id, `shell: ${shell}\n${command(script)}${spec}`, more);

/** What follows something in the order of the run. */
const isBefore = (all: readonly string[], first: string, second: string): boolean =>
  all.includes(first) && all.indexOf(first) < all.indexOf(second);

async function storyOf(place: Place): Promise<readonly string[]> {
  return (await place.events()).map((event) =>
    'step' in event
      ? `${event.type} ${event.step}`
      : 'service' in event
        ? `${event.type} ${event.service}`
        : event.type,
  );
}

describe('the services of a Harness stage on this machine', () => {
  it('001-7, 001-14, 001-27, 001-36, 001-40, 001-60, 002-2, 002-16: run in Python and in Bash, in the workspace, to the end of the stage', async () => {
    await using place = new Place();
    const [port, other] = await freePorts();
    const told = await place.exec(
      harnessStage(
        [
          harnessGroup(
            'grp',
            service(
              'py',
              'Python',
              `from http.server import ThreadingHTTPServer, SimpleHTTPRequestHandler as Files
import os
if True:
    open('here.txt', 'w').write(os.environ['WHO'] + ' at $HOME <\${x}>')
ThreadingHTTPServer(('127.0.0.1', ${port}), Files).serve_forever()`,
              `envVariables: { WHO: python }\nready: { tcp: ${port} }`,
            ),
          ),
          harnessRun('between', 'test -e here.txt'),
          service(
            'sh',
            'Bash',
            `[[ -f here.txt && $(cat here.txt) == python* ]]
words=(one "two three")
echo "\${words[1]}" > there.txt
exec busybox httpd -f -p 127.0.0.1:${other}`,
            `ready: { http: "http://localhost:${other}/there.txt" }`,
          ),
          harnessRun(
            'ask',
            `busybox wget -qO- http://localhost:${port}/here.txt
echo
busybox wget -qO- http://$CONTINUO_SH_HOST:$CONTINUO_SH_PORT/there.txt`,
          ),
        ].join('\n'),
      ),
    );
    assert.equal(told.code, 0, told.stdout + told.stderr);
    assert.equal(await place.output('build.ask'), 'python at $HOME <${x}>\ntwo three\n');
    assert.match(told.stdout, /sh +✓ stopped/);
    assert.match(told.stdout, /grp_py +│ 127\.0\.0\.1 .*"GET \/here\.txt/);
  });

  it('001-27, 001-29, 001-34, 001-37, 001-38: stop at the first error in each of the five shells, and say so when there is none', async () => {
    await using place = new Place();
    const programs = join(place.dir, 'programs');
    mkdirSync(programs);
    // The real ones are of another world; what they are given is what counts.
    for (const name of ['pwsh', 'powershell']) {
      place.file(`programs/${name}`, `#!/bin/sh\necho "${name} $1"\ncat "$2"\nexit 4\n`);
      chmodSync(join(programs, name), 0o755);
    }
    const script = 'echo one\nfalse\necho two';
    const windows = 'Get-Process | Where { $_.CPU -gt 1 }\nWait-Event';
    const stage = harnessStage(
      [
        service('sh', 'Sh', script),
        service('bash', 'Bash', script),
        service('python', 'Python', 'print("one", flush=True)\nraise SystemExit(3)\nprint("two")'),
        service('pwsh', 'Pwsh', windows),
        service('powershell', 'Powershell', windows),
        harnessRun('wait', 'until [ -e go ]; do sleep 0.05; done'),
      ].join('\n'),
    );
    const running = place.start(['exec', place.file('p.yaml', stage)], {
      PATH: `${programs}:${process.env['PATH'] ?? ''}`,
    });
    for (const id of ['sh', 'bash', 'python', 'pwsh', 'powershell'])
      await running.printed(new RegExp(`^${id} +! died with exit code`, 'm'));
    place.file('go', '');
    const told = await running.told;
    assert.equal(told.code, 0, told.stdout + told.stderr);
    for (const id of ['sh', 'bash', 'python'])
      assert.equal(await place.output(`build.${id}`), 'one\n');
    const said = `-File\n$ErrorActionPreference = 'Stop'\n${windows}\n\n`;
    assert.equal(await place.output('build.pwsh'), `pwsh ${said}`);
    assert.equal(await place.output('build.powershell'), `powershell ${said}`);

    const without = await place.exec(
      harnessStage([service('web', 'Pwsh', windows), harnessRun('after', 'true')].join('\n')),
      [],
      { PATH: '/usr/bin:/bin' },
    );
    assert.equal(without.code, 0, without.stdout);
    assert.match(without.stdout, /web +! could not start: command 'pwsh' was not found/);
  });

  it('001-48, 001-49, 001-50, 001-51: have the variables of the pipeline, over them those of the stage, over them their own', async () => {
    await using place = new Place();
    const told = await place.exec(
      harnessStage(
        [
          service(
            'show',
            'Sh',
            `echo "$A $B $C $D \${D}x"\necho '<+pipeline.variables.A> <not <+ this'\nsleep 60`,
            `envVariables:
  C: own C
  D: <+stage.variables.B>/<+pipeline.variables.A>
ready: { log: <not }`,
          ),
          harnessRun('after', 'true'),
        ].join('\n'),
        {
          pipeline: `variables:
  - { name: A, type: String, value: pipeline A }
  - { name: B, type: String, value: pipeline B }
  - { name: C, type: String, value: pipeline C }`,
          stage: `variables:
  - { name: B, type: String, value: stage B }
  - { name: C, type: String, value: stage C }`,
        },
      ),
    );
    assert.equal(told.code, 0, told.stdout + told.stderr);
    assert.equal(
      await place.output('build.show'),
      'pipeline A stage B own C stage B/pipeline A stage B/pipeline Ax\npipeline A <not <+ this\n',
    );
  });

  it('001-73, 002-3, 002-13, 002-14: start together and in order, are waited for, and are stopped together with their last words', async () => {
    await using place = new Place();
    const slow = (id: string): string =>
      service(
        id,
        'Sh',
        `bye() { echo bye; until [ -e a.bye ] && [ -e b.bye ] && [ -e c.bye ]; do sleep 0.02; done; echo "$T is over"; exit 0; }
trap 'touch ${id}.bye; bye' TERM
touch ${id}.up
until [ -e a.up ] && [ -e b.up ] && [ -e c.up ]; do sleep 0.02; done
echo up
while :; do sleep 0.05; done`,
        'envVariables: { T: <+secrets.getValue("token")> }\nready: { log: ^up }',
      );
    const told = await place.exec(
      harnessStage(
        [
          `- parallel:\n${[slow('a'), slow('b')].join('\n').replaceAll(/^(?=.)/gm, '    ')}`,
          slow('c'),
          harnessRun('first', 'echo 1'),
          harnessRun('second', 'exit 7'),
          harnessRun('third', 'true'),
        ].join('\n'),
      ),
      ['-s', 'token'],
      { token: 's3cret-t0ken' },
    );
    assert.equal(told.code, 1, told.stdout + told.stderr);
    const story = await storyOf(place);
    for (const id of ['a', 'b', 'c']) {
      assert.ok(isBefore(story, `service.ready build.${id}`, 'step.started build.first'), id);
      // A shell says so when what it waits for is terminated.
      const said = /^up\n(Terminated\n)?bye\n\*{8} is over\n$/;
      assert.match(await place.output(`build.${id}`), said);
      // Each waits at its TERM for the other two to have heard theirs.
      assert.match(told.stdout, new RegExp(`^${id} +✓ stopped`, 'm'));
    }
    assert.ok(isBefore(story, 'step.ended build.first', 'step.started build.second'));
    assert.ok(!story.includes('step.started build.third'));
    assert.match(told.stdout, /✗ step 'second' failed with exit code 7/);
  });

  it('end with all they started when the run is cancelled', async () => {
    await using place = new Place();
    const running = place.start([
      'exec',
      place.file(
        'p.yaml',
        harnessStage(
          [
            service('web', 'Sh', `sh -c 'exec sleep 1000; : ${place.mark}' & sleep 1000\nwait`),
            harnessRun('long', 'echo begun; sleep 1000'),
          ].join('\n'),
        ),
      ),
    ]);
    await running.printed(/begun/);
    running.child.kill('SIGINT');
    assert.equal((await running.told).code, 130);
  });

  it('001-5, 001-6, 001-68: are warned of what Harness takes without a word, with its place, and run all the same', async () => {
    await using place = new Place();
    const told = await place.exec(
      harnessStage(
        [
          service(
            'web',
            'Sh',
            'echo up; sleep 60',
            'outputVariables: [{ name: PORT }]\nready: { log: up }',
            `failureStrategies:
  - onFailure: { errors: [AllErrors], action: { type: Abort } }`,
          ),
          harnessRun('after', 'echo "[<+steps.web.output.outputVariables.PORT>]"'),
        ].join('\n'),
      ),
    );
    assert.equal(told.code, 0, told.stderr);
    assert.equal(await place.output('build.after'), '[null]\n');
    for (const key of ['failureStrategies', 'outputVariables'])
      assert.match(told.stderr, new RegExp(`pipeline\\.yaml:\\d+:\\d+ +warning [^\\n]*\`${key}\``));
  });
});
