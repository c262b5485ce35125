import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Commands } from './find-command.ts';

import type { Container } from './container.ts';
import type { ImageFacts } from './image-facts.ts';

const image = (id: string, environment: Record<string, string> = {}): ImageFacts => ({
  id,
  environment,
  user: '',
  workingDir: '',
  hasVolumes: false,
  hasCommand: false,
});

/** A container with these files, that remembers what it was asked for. */
function containerWith(...files: string[]): Container & { readonly asked: string[] } {
  const asked: string[] = [];
  const has = (path: string): Promise<boolean> => {
    asked.push(path);
    return Promise.resolve(files.includes(path));
  };
  return { asked, has } as unknown as Container & { readonly asked: string[] };
}

describe('a command', () => {
  it('is looked for where the task says, else where the image says, else in the usual folders', async () => {
    const here = containerWith('/opt/bin/a', '/usr/bin/b');
    const own = image('own', { PATH: '/x:/opt/bin' });
    assert.equal(await new Commands().has('a', here, own), true);
    assert.equal(await new Commands().has('a', here, own, '/y'), false);
    assert.equal(await new Commands().has('a', here, image('bare')), false);
    assert.equal(await new Commands().has('b', here, image('bare')), true);
    assert.equal(await new Commands().has('b', here, own), false);
  });

  it('is asked for itself when its whole path is named', async () => {
    const here = containerWith('/opt/tool');
    assert.equal(await new Commands().has('/opt/tool', here, image('i')), true);
    assert.equal(await new Commands().has('/opt/other', here, image('i')), false);
    assert.deepEqual(here.asked, ['/opt/tool', '/opt/other']);
  });

  it('is left to its start when it hangs on the folder it is started in', async () => {
    const here = containerWith();
    assert.equal(await new Commands().has('./tool', here, image('i')), true);
    assert.equal(await new Commands().has('bin/tool', here, image('i')), true);
    assert.deepEqual(here.asked, []);
  });

  it('is looked for once in each image', async () => {
    const commands = new Commands();
    const here = containerWith('/bin/sh');
    const twice = ['one', 'one', 'other'].map((id) => commands.has('/bin/sh', here, image(id)));
    assert.deepEqual(await Promise.all(twice), [true, true, true]);
    assert.equal(here.asked.length, 2);
  });

  it('is looked for again when it was not there: what is mounted may have it by now', async () => {
    const commands = new Commands();
    assert.equal(await commands.has('/work/tool', containerWith(), image('i')), false);
    assert.equal(await commands.has('/work/tool', containerWith('/work/tool'), image('i')), true);
  });

  it('is looked for again when the engine did not say', async () => {
    const commands = new Commands();
    const silent = { has: () => Promise.reject(new Error('gone')) } as unknown as Container;
    await assert.rejects(commands.has('/bin/sh', silent, image('i')), /gone/);
    assert.equal(await commands.has('/bin/sh', containerWith('/bin/sh'), image('i')), true);
  });
});
