import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { Place, nobody } from '../rig/cli.ts';

const step = (keys: string): string => `version: 2.1
pipeline:
  - step:
      name: a
${keys.trim().replaceAll(/^/gm, '      ')}
`;

describe('a step', () => {
  it('is read by the shell that it names, with its arguments', async () => {
    await using place = new Place();
    const bash = step(`
commands-shell: /bin/bash -u
commands-output: minimal
commands:
  - 'words=(one two); echo "\${words[1]}"'
  - 'echo "$NOT_THERE"'
`);
    assert.equal((await place.exec(bash)).code, 1);
    assert.equal(await place.output('a').then((text) => text.split('\n')[0]), 'two');
    const node = step(`
commands-shell: ${process.execPath}
commands:
  - const words = ['read', 'by', 'node'];
  - console.log(words.join(' '));
`);
    assert.equal((await place.exec(node)).code, 0);
    assert.equal(await place.output('a'), 'read by node\n');
  });

  it('stops at the first command that fails', async () => {
    await using place = new Place();
    const told = await place.exec(step('commands: ["false", "echo never"]'));
    assert.equal(told.code, 1);
    assert.doesNotMatch(await place.output('a'), /^never/m);
  });

  it('tells its commands as it is asked to', async () => {
    await using place = new Place();
    const said = async (how: string): Promise<string> => {
      await place.exec(step(`commands-output: ${how}\ncommands: ["echo it''s"]`.replace("''", '')));
      return place.output('a');
    };
    assert.equal(await said('minimal'), 'its\n');
    assert.equal(await said('echo'), '+ echo its\nits\n');
    assert.match(await said('timestamp'), /^\+ \[\d{4}-\d\d-\d\dT[\d:.]+Z\] echo its\nits\n$/);
  });

  it('works in the workspace, or in a folder below it', async () => {
    await using place = new Place();
    mkdirSync(join(place.dir, 'work', 'below'), { recursive: true });
    const pwd = 'commands-output: minimal\ncommands: [pwd]';
    await place.exec(step(pwd), ['--workspace', 'work']);
    assert.equal(await place.output('a'), `${join(place.dir, 'work')}\n`);
    await place.exec(step(`${pwd}\nworking-dir: below`), ['--workspace', 'work']);
    assert.equal(await place.output('a'), `${join(place.dir, 'work', 'below')}\n`);
    const missing = await place.exec(step(`${pwd}\nworking-dir: nowhere`));
    assert.equal(missing.code, 1);
    assert.match(missing.stdout, /nowhere/);
  });

  it('gets its variables, with defaults where nobody gave them', async () => {
    await using place = new Place();
    const told = await place.exec(
      step(`
commands-output: minimal
environment:
  - {name: GIVEN}
  - {name: MADE, value: "<$$GIVEN>"}
  - {name: PLAIN, value: 007}
  - {name: ELSE, value: $$NOBODY_GAVE_THIS, default: otherwise}
commands: ['echo "$GIVEN $MADE $PLAIN $ELSE"']
`),
      ['-e', 'GIVEN=a$$b$&'],
    );
    assert.equal(told.code, 0, told.stderr);
    assert.equal(await place.output('a'), 'a$$b$& <a$$b$&> 007 otherwise\n');
  });

  it('runs as the user it names', { skip: process.getuid?.() !== 0 && 'needs root' }, async () => {
    await using place = new Place();
    const yaml = step('commands-output: minimal\nuser: nobody\ncommands: ["id -un; echo $HOME"]');
    assert.equal((await place.exec(yaml, ['--workspace', '/'])).code, 0);
    assert.match(await place.output('a'), /^nobody\n/);
    await using other = new Place(nobody);
    const refused = await other.exec(yaml.replace('nobody', 'root'));
    assert.equal(refused.code, 3);
    assert.match(refused.stderr, /step 'a' .*root/);
  });
});
