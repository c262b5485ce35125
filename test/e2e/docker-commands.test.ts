import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';

import { ContainerPlace } from '../rig/container-place.ts';
import { Registry } from '../rig/docker-registry.ts';
import { docker, dockerSuite } from '../rig/docker.ts';
import { assertInvariants } from '../rig/invariants.ts';

/** Steps side by side, each given by the inside of its braces. */
const together = (...steps: readonly string[]): string => `version: 2.1
pipeline:
  - steps:
      name: together
      parallel: true
      pipeline:
${steps.map((keys) => `        - step: { ${keys} }\n`).join('')}`;

const quiet = 'commands-output: minimal';

dockerSuite('a step with an image', () => {
  it('runs what its image runs, with arguments and an entrypoint in place of the own ones', async () => {
    await using place = new ContainerPlace();
    const image = 'image: continuo-test/entrypoint';
    const told = await place.exec(
      together(
        `name: as-it-is, ${image}`,
        `name: arguments, ${image}, arguments: [given, "two  words", "$HOME"]`,
        `name: entrypoint, ${image}, entrypoint: printf, arguments: ["<%s>", "$$WHO", b]`,
        `name: entrypoint-alone, ${image}, entrypoint: [echo, -n, only this]`,
      ),
      ['-e', 'WHO=me'],
    );
    assert.equal(told.code, 0, told.stdout);
    assert.equal(await place.output('as-it-is'), 'from the entrypoint: by default\n');
    assert.equal(await place.output('arguments'), 'from the entrypoint: given two  words $HOME\n');
    assert.equal(await place.output('entrypoint'), '<me><b>');
    assert.equal(await place.output('entrypoint-alone'), 'only this');
  });

  it('has its commands read by any interpreter of the image', async () => {
    await using place = new ContainerPlace();
    const services = 'image: continuo-test/services';
    const told = await place.exec(
      together(
        `name: sh, image: continuo-test/busybox, ${quiet}, commands: ['echo "in $0" | cut -c 1-5', a=1, 'echo $a']`,
        `name: bash, ${services}, commands-shell: bash -u, ${quiet}, commands: ['words=(one two)', 'echo "\${words[1]}"']`,
        `name: node, image: continuo-test/node, commands-shell: node, commands: ["const words = ['by', 'node'];", "console.log(words.join(' '))"]`,
        `name: python, ${services}, commands-shell: python3, commands: ["words = ['by', 'python']", "print(' '.join(words))"]`,
        `name: told, image: continuo-test/busybox, commands-output: echo, commands: [echo this]`,
      ),
    );
    assert.equal(told.code, 0, told.stdout);
    assert.equal(await place.output('sh'), 'in /c\n1\n');
    assert.equal(await place.output('bash'), 'two\n');
    assert.equal(await place.output('node'), 'by node\n');
    assert.equal(await place.output('python'), 'by python\n');
    assert.equal(await place.output('told'), '+ echo this\nthis\n');
  });

  it('stops at the first command that fails, and tells its exit code', async () => {
    await using place = new ContainerPlace();
    const told = await place.exec(
      together('name: a, image: continuo-test/busybox, commands: [sh -c "exit 7", echo never]'),
    );
    assert.equal(told.code, 1);
    assert.match(told.stdout, /step 'a' failed with exit code 7/);
    assert.doesNotMatch(await place.output('a'), /^never/m);
  });

  it('runs in an image that a step before it has made, though it was missing at the start', async () => {
    await using place = new ContainerPlace();
    await using registry = await Registry.start(docker);
    const image = `${registry.address}/made`;
    const make = (tag: number): string => `docker tag continuo-test/user ${image}:${tag}`;
    const running = place.start([
      'exec',
      place.file(
        'pipeline.yaml',
        `version: 2.1
pipeline:
  - step:
      name: build
      commands: ['until [ -e go ]; do sleep 0.1; done', ${make(1)}, ${make(2)}]
  - step: { name: made, image: ${image}:1, ${quiet}, commands: [id -un] }
  - step: { name: never, image: ${image}:2, pull-policy: Never, ${quiet}, commands: [id -un] }
`,
      ),
    ]);
    await running.printed(/cannot be had: the registry .* has no image 'made'/);
    await running.printed(/cannot be had: .* its pull policy forbids to pull it/);
    place.file('go', '');
    const told = await running.told;
    assert.equal(told.code, 0, told.stdout);
    assertInvariants(await place.events());
    assert.equal(await place.output('made'), 'app\n');
    assert.equal(await place.output('never'), 'app\n');
  });

  it('has its image pulled again at each of its attempts', async () => {
    await using place = new ContainerPlace();
    await using registry = await Registry.start(docker);
    const { image } = await registry.push('fruit', '1');
    registry.proxy.rule({ when: /manifests/, fault: { kind: 'answer', status: 404 } });
    const running = place.start([
      'exec',
      place.file(
        'pipeline.yaml',
        `version: 2.1
pipeline:
  - step: { name: eat, image: ${image}, ${quiet}, commands: [ls /bytes], retry: {iterations: 50, backoff: 200ms} }
`,
      ),
    ]);
    await running.printed(/eat .*attempt 3/);
    registry.proxy.heal();
    const told = await running.told;
    assert.equal(told.code, 0, told.stdout);
    assertInvariants(await place.events());
    assert.equal(await place.output('eat'), '/bytes\n');
  });

  it('needs no shell in its image for words, and says what is missing for commands', async () => {
    await using place = new ContainerPlace();
    const image = 'image: continuo-test/no-shell';
    const mayFail = 'continue-on-fail: true';
    const told = await place.exec(
      together(
        `name: as-it-is, ${image}`,
        `name: words, ${image}, entrypoint: [busybox, echo], arguments: [words work]`,
        `name: commands, ${image}, commands: [echo never], ${mayFail}`,
        `name: bash, image: continuo-test/busybox, commands-shell: /bin/bash -e, commands: [true], ${mayFail}`,
        `name: nothing, image: continuo-test/busybox, entrypoint: no-such-program, ${mayFail}`,
      ),
    );
    assert.equal(told.code, 0, told.stdout);
    assert.equal(await place.output('as-it-is'), 'no shell here\n');
    assert.equal(await place.output('words'), 'words work\n');
    assert.match(told.stdout, /commands .*could not start: .*\/bin\/sh/);
    assert.match(told.stdout, /bash .*could not start: .*\/bin\/bash/);
    assert.match(told.stdout, /nothing .*could not start: .*no-such-program/);
  });

  it('works in the workspace, which it finds at /cix/src or where it says', async () => {
    await using place = new ContainerPlace();
    mkdirSync(join(place.dir, 'work', 'below'), { recursive: true });
    writeFileSync(join(place.dir, 'work', 'given'), 'from the machine\n');
    const image = 'image: continuo-test/busybox';
    const told = await place.exec(
      `version: 2.1
pipeline:
  - step: { name: usual, ${image}, ${quiet}, commands: [pwd, cat given, echo written > made] }
  - step: { name: below, ${image}, working-dir: below, ${quiet}, commands: [pwd, cat ../made, touch here] }
  - step: { name: elsewhere, ${image}, workspace-mount-point: /a/b, working-dir: below, ${quiet}, commands: [pwd, ls] }
  - step: { name: absolute, ${image}, working-dir: /tmp, ${quiet}, commands: [pwd] }
  - step: { name: images-own, image: continuo-test/user, entrypoint: pwd }
  - step: { name: on-this-machine, ${quiet}, commands: [cat made] }
  - step: { name: nowhere, ${image}, working-dir: nowhere, commands: [pwd] }
`,
      ['--workspace', 'work'],
    );
    assert.equal(told.code, 1);
    assert.equal(await place.output('usual'), '/cix/src\nfrom the machine\n');
    assert.equal(await place.output('below'), '/cix/src/below\nwritten\n');
    assert.equal(await place.output('elsewhere'), '/a/b/below\nhere\n');
    assert.equal(await place.output('absolute'), '/tmp\n');
    assert.equal(await place.output('images-own'), '/cix/src\n');
    assert.equal(await place.output('on-this-machine'), 'written\n');
    assert.match(told.stdout, /step 'nowhere' could not start: .*work\/nowhere/);
    assert.equal(readFileSync(join(place.dir, 'work', 'made'), 'utf8'), 'written\n');
  });

  it('runs as the user it names, by name or numbers, with or without a group', async () => {
    await using place = new ContainerPlace();
    const image = 'image: continuo-test/busybox';
    const who = `${quiet}, commands: ['echo $(id -u):$(id -g)']`;
    const told = await place.exec(
      together(
        `name: images-own, image: continuo-test/user, ${who}`,
        `name: by-name, ${image}, user: app, ${who}`,
        `name: by-number, ${image}, user: 4711, ${who}`,
        `name: with-group, ${image}, user: "4711:12", ${who}`,
        `name: root-again, image: continuo-test/user, user: root, ${who}`,
        `name: nobody-known, ${image}, user: somebody, ${who}, continue-on-fail: true`,
        `name: no-such-group, ${image}, user: "app:somegroup", ${who}, continue-on-fail: true`,
      ),
    );
    assert.equal(told.code, 0, told.stdout);
    assert.equal(await place.output('images-own'), '1000:1000\n');
    assert.equal(await place.output('by-name'), '1000:1000\n');
    assert.equal(await place.output('by-number'), '4711:0\n');
    assert.equal(await place.output('with-group'), '4711:12\n');
    assert.equal(await place.output('root-again'), '0:0\n');
    assert.match(told.stdout, /nobody-known .*its image has no user 'somebody'/);
    assert.match(told.stdout, /no-such-group .*its image has no group 'somegroup'/);
  });

  it('says so when its user may not write the workspace, which made it fail', async () => {
    await using place = new ContainerPlace();
    mkdirSync(join(place.dir, 'work'), { mode: 0o755 });
    const touch = 'commands: [touch made]';
    const told = await place.exec(
      together(
        `name: images, image: continuo-test/user, ${touch}, continue-on-fail: true`,
        `name: own, image: continuo-test/busybox, user: "4711:12", ${touch}, continue-on-fail: true`,
        `name: well, image: continuo-test/busybox, ${touch}`,
      ),
      ['--workspace', 'work'],
    );
    assert.equal(told.code, 0, told.stdout);
    const hint = String.raw`may not write the workspace \(of user 0, mode 755\); run it as user 0, or let everybody`;
    assert.match(told.stdout, new RegExp(`images.* it ran as its image's user 'app', who ${hint}`));
    assert.match(told.stdout, new RegExp(`own.* it ran as the user '4711:12', who ${hint}`));
  });

  it('has its own variables, those of its image, and no other of this machine', async () => {
    await using place = new ContainerPlace();
    const told = await place.exec(
      together(
        `name: a, image: continuo-test/node, environment: [{name: OWN, value: "<$$GIVEN>"}], ${quiet}, commands: [env]`,
      ),
      ['-e', 'GIVEN=a b'],
      { LEAK: 'never' },
    );
    assert.equal(told.code, 0, told.stdout);
    const names = (await place.output('a')).split('\n');
    assert.ok(names.includes('OWN=<a b>'));
    assert.ok(names.includes(`NODE_VERSION=${process.versions.node}`));
    assert.ok(
      !names.some((line) => /^(LEAK|LANG|GIVEN|CONTINUO_STATE_DIR)=/.test(line)),
      names.join(),
    );
  });

  it('has its image pulled as its policy says, or else that of the command line', async () => {
    await using registry = await Registry.start(docker);
    await using place = new ContainerPlace();
    const { image: tagged } = await registry.push('fruit', '1');
    const { image: latest } = await registry.push('fruit', 'latest');
    const found = [];
    const cases = [
      [tagged, 'Never', 'missing'],
      [tagged, 'IfNotPresent', 'asked for'],
      [tagged, 'IfNotPresent', 'there'],
      [tagged, 'Never', 'there'],
      [tagged, 'Default', 'there'],
      [tagged, 'Always', 'asked for'],
      [latest, 'Default', 'asked for'],
      [latest, 'Default', 'asked for'],
      [latest, 'IfNotPresent', 'there'],
      [latest, 'IfNotPresent', 'asked for', 'Always'],
      [latest, 'Never', 'asked for', 'Default'],
      [tagged, 'Always', 'there', 'Default'],
    ] as const;
    for (const [image, policy, , own] of cases) {
      registry.proxy.requests.length = 0;
      const keys = own === undefined ? '' : `, pull-policy: ${own}`;
      const told = await place.cix([
        ...['exec', '-P', policy, '-y'],
        place.file('p.yaml', together(`name: a, image: "${image}", commands: ["true"]${keys}`)),
      ]);
      const isAsked = registry.proxy.requests.length > 0;
      found.push(told.code === 0 ? (isAsked ? 'asked for' : 'there') : 'missing');
    }
    assert.deepEqual(
      found,
      cases.map(([, , is]) => is),
    );
  });
});
