import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';

import { archiveOf, folderArchive } from './archive.ts';

/** Runs the machine's own `tar` with an archive as its input, and answers what it says. */
async function tar(archive: Buffer, ...words: string[]): Promise<string> {
  const running = promisify(execFile)('tar', words);
  running.child.stdin!.end(archive);
  const { stdout, stderr } = await running;
  assert.equal(stderr, '');
  return stdout;
}

describe('an archive', () => {
  it('is one that tar reads: a folder, and in it a file for everybody, of root', async () => {
    const listed = await tar(archiveOf('continuo', 'script', 'echo\n'), '-tv', '--numeric-owner');
    const [folder, file] = listed.trimEnd().split('\n');
    assert.match(folder!, /^drwxr-xr-x 0\/0 +0 .* continuo\/$/);
    assert.match(file!, /^-rwxr-xr-x 0\/0 +5 .* continuo\/script$/);
  });

  it('may hold an empty folder alone, of any mode', async () => {
    const listed = await tar(folderArchive('tmp', 0o1777), '-tv', '--numeric-owner');
    assert.match(listed, /^drwxrwxrwt 0\/0 +0 .* tmp\/\n$/);
  });

  it('holds a text of any length, byte for byte', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'continuo-archive-'));
    try {
      for (const text of ['', 'ä', 'x'.repeat(511), 'x'.repeat(512), 'ö'.repeat(100_000)]) {
        const archive = archiveOf('a', 'b', text);
        assert.equal(archive.length % 512, 0);
        await tar(archive, '-xp', '-C', folder, '--no-same-owner');
        assert.equal(readFileSync(join(folder, 'a/b'), 'utf8'), text);
        assert.equal(statSync(join(folder, 'a/b')).mode & 0o777, 0o755);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
