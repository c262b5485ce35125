import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { temporaryFolder } from '../../test/rig/journal.ts';
import { ok } from '../base/result.ts';
import { toSource } from '../dialect/common/source.ts';
import { sourceReader, withSecretToken } from './source-reader.ts';

import type { ReadSource, Wanted } from '../dialect/common/read-source.ts';
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

describe('the secret for http servers', () => {
  const token = { value: 't-1', from: 'the token of the import' };
  const secret = { value: 't-2', from: 'the secret HTTP_AUTHORIZATION_TOKEN' };

  async function askedWith(value: string, ...all: readonly Wanted[]): Promise<readonly Wanted[]> {
    const asked: Wanted[] = [];
    const read: ReadSource = (wanted) => {
      asked.push(wanted);
      return Promise.resolve(ok(toSource(wanted.at, '')));
    };
    const shows = withSecretToken(read, new Map([['HTTP_AUTHORIZATION_TOKEN', value]]));
    for (const wanted of all) await shows(wanted);
    return asked;
  }

  it('is shown to each that an import has no token of its own for', async () => {
    const [one, two] = ['https://one.test/a.yaml', 'http://two.test/b.yaml'];
    assert.deepEqual(
      await askedWith(' t-2\n', { at: one, token }, { at: two, isImport: true }, { at: 'c.yaml' }),
      [{ at: one, token }, { at: two, isImport: true, token: secret }, { at: 'c.yaml' }],
    );
  });

  it('is not shown when it is blank', async () => {
    const wanted = { at: 'https://one.test/a.yaml' };
    assert.deepEqual(await askedWith(' ', wanted), [wanted]);
  });
});
