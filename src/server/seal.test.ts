import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';

import { temporaryFolder } from '../../test/rig/journal.ts';
import { inShortage } from '../../test/rig/shortage.ts';
import { keyPath, removeKey, seal, unseal } from './seal.ts';

const text = '{"PASSWORD":"hunter2 — ünïcode"}';

describe('what is sealed', () => {
  it('is opened by who has the key, which is for its owner only', async () => {
    await using folder = await temporaryFolder();
    assert.equal(unseal(folder.path, 'run-1', 'anything'), undefined);
    assert.ok(!existsSync(keyPath(folder.path)));
    const sealed = seal(folder.path, 'run-1', text);
    assert.ok(!Buffer.from(sealed, 'base64').includes('hunter2'));
    assert.notEqual(seal(folder.path, 'run-1', text), sealed);
    assert.equal(unseal(folder.path, 'run-1', sealed), text);
    assert.equal(statSync(keyPath(folder.path)).mode & 0o777, 0o600);
    chmodSync(keyPath(folder.path), 0o644);
    assert.equal(unseal(folder.path, 'run-1', sealed), text);
    assert.equal(statSync(keyPath(folder.path)).mode & 0o777, 0o600);
  });

  it('is of no use for another run, changed by a bit, cut, or without its key', async () => {
    await using folder = await temporaryFolder();
    const sealed = seal(folder.path, 'run-1', text);
    assert.equal(unseal(folder.path, 'run-2', sealed), undefined);
    const bytes = Buffer.from(sealed, 'base64');
    for (const at of [0, 12, 28, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1;
      assert.equal(unseal(folder.path, 'run-1', changed.toString('base64')), undefined);
    }
    for (const length of [0, 5, 28, bytes.length - 1]) {
      const cut = bytes.subarray(0, length).toString('base64');
      assert.equal(unseal(folder.path, 'run-1', cut), undefined);
    }
    removeKey(folder.path);
    assert.equal(unseal(folder.path, 'run-1', sealed), undefined);
  });

  it('gets a new key where the one that is there is none', async () => {
    await using folder = await temporaryFolder();
    writeFileSync(keyPath(folder.path), 'short', { mode: 0o600 });
    const sealed = seal(folder.path, 'run-1', text);
    assert.equal(readFileSync(keyPath(folder.path)).length, 32);
    assert.equal(unseal(folder.path, 'run-1', sealed), text);
  });

  it('keeps its key through a moment in which no file can be opened', async () => {
    await using folder = await temporaryFolder();
    const sealed = seal(folder.path, 'run-1', text);
    await inShortage(() => {
      for (const act of [seal, unseal])
        assert.throws(() => act(folder.path, 'run-1', sealed), { code: 'EMFILE' });
    });
    assert.equal(unseal(folder.path, 'run-1', sealed), text);
  });
});
