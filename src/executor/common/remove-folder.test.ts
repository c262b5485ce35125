import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { removeFolder } from './remove-folder.ts';

const isRoot = process.getuid?.() === 0;
/** Root may write everywhere. */
const somebody = 54_321;

describe('removeFolder', () => {
  it('removes folders that nobody may write to, as one who is not root', { skip: !isRoot }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'continuo-remove-'));
    try {
      const places = ['a', 'a/shut', 'a/shut/inside', 'a/unseen'].map((name) => join(folder, name));
      for (const place of places) mkdirSync(place);
      for (const place of [folder, ...places]) chownSync(place, somebody, somebody);
      chmodSync(join(folder, 'a/shut'), 0o500);
      chmodSync(join(folder, 'a/unseen'), 0o000);
      const removal = `import(process.argv[1]).then((m) => m.removeFolder(process.argv[2]))`;
      const script = join(import.meta.dirname, 'remove-folder.ts');
      execFileSync(process.execPath, ['-e', removal, script, join(folder, 'a')], {
        uid: somebody,
        gid: somebody,
        stdio: 'pipe',
      });
      assert.ok(!existsSync(join(folder, 'a')));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('has nothing to do where there is nothing', () => {
    removeFolder(join(tmpdir(), 'continuo-not-there'));
  });
});
