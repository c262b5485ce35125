import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { temporaryFolder } from '../../test/rig/journal.ts';
import { besidePipeline, yamlFilesIn } from './harness-folder.ts';

describe('`.harness`, for a server', () => {
  it('is looked for up to the workspace of the server, whose links lead nowhere else', async () => {
    await using folder = await temporaryFolder();
    const { path } = folder;
    const cwd = join(path, 'ws', 'deep');
    await mkdir(cwd, { recursive: true });
    await mkdir(join(path, '.harness', 'templates'), { recursive: true });
    await writeFile(join(path, '.harness', 'templates', 'a.yaml'), '');
    await symlink(join(path, 'ws'), join(path, 'link'));
    const found = '../../.harness/templates';
    assert.equal(besidePipeline('p.yaml', 'templates', { cwd }), found);
    for (const name of ['ws', 'link']) {
      const readsBelow = join(path, name);
      assert.equal(besidePipeline('p.yaml', 'templates', { cwd, readsBelow }), undefined);
    }
    const readsBelow = path;
    assert.equal(besidePipeline('p.yaml', 'templates', { cwd, readsBelow }), found);
    await symlink(join(path, '.harness'), join(cwd, '.harness'));
    const all = ['.harness/templates/a.yaml'];
    assert.deepEqual(await yamlFilesIn('.harness/templates', { cwd, readsBelow }), all);
    await assert.rejects(
      yamlFilesIn('.harness/templates', { cwd, readsBelow: cwd }),
      /lies outside of the workspace of the server/,
    );
  });
});
