import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { readSteps, serviceOf, stepOf } from '../../../test/rig/harness.ts';
import { pod } from '../../../test/rig/harness-text.ts';

import type { Command, Script } from '../../plan/plan.ts';

const commandOf = async (spec: string): Promise<Command> => {
  const read = await readSteps(
    `- step: { identifier: db, name: db, type: Background, spec: { ${spec} } }`,
  );
  return serviceOf(read, 'db').command;
};

const runOf = async (spec: string): Promise<Command['run']> => (await commandOf(spec)).run;

const scriptOf = async (spec: string): Promise<Script> => {
  const run = await runOf(spec);
  assert.equal(run.kind, 'script');
  return run;
};

describe('what a step runs', () => {
  it('001-27, 001-34, 001-36, 001-37, 001-38, 001-40 is a script for one of five shells', async () => {
    for (const [shell, interpreter, first] of [
      ['', 'sh', 'x'],
      ['shell: Sh,', 'sh', 'x'],
      ['shell: Bash,', 'bash', 'x'],
      ['shell: Powershell,', 'powershell', "$ErrorActionPreference = 'Stop'"],
      ['shell: Pwsh,', 'pwsh', "$ErrorActionPreference = 'Stop'"],
      ['shell: Python,', 'python3', 'x'],
    ] as const) {
      const script = await scriptOf(`image: tools, ${shell} command: x`);
      assert.equal(script.shell[0], interpreter);
      assert.equal(script.lines[0], first);
    }
  });

  it('001-27 takes a shell in another case, with a warning', async () => {
    const read = await readSteps(
      '- step: { identifier: a, name: a, type: Run, spec: { shell: PYTHON, command: x } }',
    );
    assert.match(
      read.told,
      /warning {2}step 'a': Harness itself refuses `PYTHON`[^]*write `Python`/,
    );
    assert.deepEqual((stepOf(read, 'a').command.run as Script).shell, ['python3']);
  });

  it('001-36, 001-38, 001-49 leaves `$`, `<` and braces of scripts as they are', async () => {
    const command = '[[ -n $(ls) ]] && echo "${x:-1}" $_ { a } < in <<< here <(b) $Env:v';
    const script = await scriptOf(`image: tools, shell: Bash, command: '${command}'`);
    assert.deepEqual(script.lines, [command]);
  });

  it('001-40 keeps the indentation of Python', async () => {
    const script = await scriptOf(
      'image: tools, shell: Python, command: "if True:\\n    print(1)\\n"',
    );
    assert.deepEqual(script.lines, ['if True:\n    print(1)\n']);
  });

  it('001-30, 001-32, 001-33 is its entrypoint word by word, without a shell', async () => {
    const argv = [['docker-entrypoint.sh'], ['-p'], ['5433 x']];
    const spec = 'image: postgres, entrypoint: [docker-entrypoint.sh, "-p", "5433 x"]';
    assert.deepEqual(await runOf(spec), { kind: 'argv', argv });
    assert.deepEqual(await runOf('image: postgres, entrypoint: dockerd'), {
      kind: 'argv',
      argv: [['dockerd']],
    });
  });

  it('001-31 drops the command beside an entrypoint, and says so', async () => {
    const read = await readSteps(
      '- step: { identifier: db, name: db, type: Background, spec: { image: x, entrypoint: [a], command: b } }',
    );
    assert.deepEqual(serviceOf(read, 'db').command.run, { kind: 'argv', argv: [['a']] });
    assert.match(read.told, /warning {2}step 'db': `command` is dropped/);
  });

  it('001-35 runs where the workspace is, at `/harness` in a container', async () => {
    const read = await readSteps(
      '- step: { identifier: db, name: db, type: Background, spec: { image: x, command: y } }',
    );
    const { container, workingDir } = serviceOf(read, 'db').command;
    assert.equal(container?.mountPoint, '/harness');
    assert.equal(workingDir, undefined);
  });

  it('001-39 is a script in a container, for a test in Python too', async () => {
    const read = await readSteps(`
- step:
    identifier: test
    name: test
    type: Run
    spec:
      connectorRef: account.harnessImage
      image: python:latest
      command: |-
        pip install pytest
        pytest --junitxml out.xml
`);
    const { run, image } = stepOf(read, 'test').command;
    assert.deepEqual([image, run.kind], [['python:latest'], 'script']);
  });

  it('of a Run step is its command: what is for services only changes nothing, and is warned of', async () => {
    for (const more of [{}, { runs: pod, podsAsContainers: true }]) {
      const step = (keys: string) =>
        readSteps(
          `- step: { identifier: test, name: test, type: Run, spec: { connectorRef: hub, image: 'node:22', command: npm test${keys} } }`,
          more,
        );
      const read = await step(
        ', entrypoint: [node, --version], args: [x], ports: ["1:1"], portBindings: { "80": "80" }',
      );
      assert.deepEqual(
        stepOf(read, 'test').command,
        stepOf(await step(''), 'test').command,
        read.told,
      );
      for (const key of ['entrypoint', 'args', 'ports', 'portBindings'])
        assert.match(read.told, new RegExp(`warning {2}step 'test': unknown key \`${key}\``));
    }
  });

  it('001-41, 002-7 is `docker-compose up` on this machine', async () => {
    const script = await scriptOf('command: docker-compose up');
    assert.deepEqual(script.lines, ['docker-compose up']);
  });

  it('001-42, 002-8 is what the image starts where nothing is said, and a mistake on this machine', async () => {
    assert.deepEqual(await runOf('image: redis'), { kind: 'image' });
    assert.deepEqual(await runOf('image: redis, command: "  "'), { kind: 'image' });
    for (const [spec, isAlone] of [
      ['image: redis', true],
      ['image: redis, command: redis-server', undefined],
      ['image: redis, entrypoint: [redis-server]', undefined],
      ['image: redis, entrypoint: redis-server', undefined],
    ] as const)
      assert.equal((await commandOf(spec)).container?.startsInImage, isAlone, spec);
    const { told } = await readSteps(
      '- step: { identifier: db, name: db, type: Background, spec: { command: "" } }',
    );
    assert.match(told, /error {2}step 'db': it has nothing to do/);
  });
});
