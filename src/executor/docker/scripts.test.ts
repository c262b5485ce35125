import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { Scripts } from './scripts.ts';

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe('scripts', () => {
  let folder: string;
  let outer: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'continuo-scripts-'));
    outer = join(folder, 'outer');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('can be executed by everybody in a container, and reached by nobody else here', async () => {
    const umask = process.umask(0o077);
    try {
      await using scripts = new Scripts(outer);
      const file = join(scripts.folder, scripts.place('echo ä\n'));
      assert.equal(readFileSync(file, 'utf8'), 'echo ä\n');
      assert.deepEqual([outer, scripts.folder, file].map(modeOf), ['700', '755', '755']);
    } finally {
      process.umask(umask);
    }
  });

  it('are put down once each', async () => {
    await using scripts = new Scripts(outer);
    const names = ['a', 'b', 'a', ''].map((text) => scripts.place(text));
    assert.equal(names[0], names[2]);
    assert.deepEqual(readdirSync(scripts.folder).sort(), [...new Set(names)].sort());
    assert.equal(new Set(names).size, 3);
  });

  it('want a folder that is nobody’s yet', async () => {
    await using _scripts = new Scripts(outer);
    assert.throws(() => new Scripts(outer), { code: 'EEXIST' });
  });

  it('are gone in the end, also when they are gone already', async () => {
    const scripts = new Scripts(outer);
    scripts.place('x');
    await scripts[Symbol.asyncDispose]();
    assert.equal(existsSync(outer), false);
    await scripts[Symbol.asyncDispose]();
  });
});
