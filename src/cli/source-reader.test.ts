import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { temporaryFolder } from '../../test/rig/journal.ts';
import { sourceReader } from './source-reader.ts';

import type { Wanted } from '../dialect/common/read-source.ts';
import type { SourceReaderOptions } from './source-reader.ts';
import type { World } from './world.ts';

async function told(
  wanted: Wanted,
  world: Pick<World, 'cwd' | 'readsBelow' | 'texts'>,
  options?: SourceReaderOptions,
): Promise<string> {
  const read = await sourceReader(world, options)(wanted);
  return read.ok ? read.value.text : read.failure.message;
}

describe('a pipe', () => {
  it('is not imported, and never waited for', { timeout: 10_000 }, async () => {
    await using folder = await temporaryFolder();
    const { path: cwd } = folder;
    execFileSync('mkfifo', [join(cwd, 'pipe')]);
    const signal = AbortSignal.timeout(5_000);
    const why = /^this is a pipe or a device; only a file can be read here$/;
    assert.match(await told({ at: 'pipe', isImport: true }, { cwd }, { signal }), why);
    assert.match(await told({ at: 'pipe' }, { cwd, readsBelow: cwd }, { signal }), why);
    assert.match(await told({ at: '/dev/zero', isImport: true }, { cwd }, { signal }), why);
  });

  it('is read where a person has named it', { timeout: 10_000 }, async () => {
    await using folder = await temporaryFolder();
    const { path: cwd } = folder;
    execFileSync('mkfifo', [join(cwd, 'pipe')]);
    const read = told({ at: 'pipe' }, { cwd });
    await writeFile(join(cwd, 'pipe'), 'text');
    assert.equal(await read, 'text');
  });
});

describe('a reader for a server', () => {
  it('reads texts that are given, wherever they would lie, and says the same of all else that lies elsewhere', async () => {
    await using folder = await temporaryFolder();
    const { path: cwd } = folder;
    const world = { cwd, readsBelow: cwd, texts: new Map([['/elsewhere/lib.yaml', 'given']]) };
    assert.equal(await told({ at: '/elsewhere/lib.yaml' }, world), 'given');
    const why = /^this lies outside of the workspace of the server/;
    for (const at of ['/elsewhere/other.yaml', '/etc/passwd', '/etc/passwd/x', '..', '/'])
      assert.match(await told({ at }, world), why, at);
    assert.match(await told({ at: 'a/none.yaml' }, world), /^there is no such file$/);
  });
});
