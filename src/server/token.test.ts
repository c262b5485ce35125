import assert from 'node:assert/strict';
import { chmodSync, statSync } from 'node:fs';
import { describe, it } from 'node:test';

import { temporaryFolder } from '../../test/rig/journal.ts';
import { openToken, tokenPath } from './token.ts';

describe('the token', () => {
  it('is made once, for its owner only', async () => {
    await using folder = await temporaryFolder();
    const token = openToken(folder.path);
    assert.match(token, /^[\w-]{43}$/);
    assert.equal(statSync(tokenPath(folder.path)).mode & 0o777, 0o600);
    assert.equal(openToken(folder.path), token);
  });

  it('is made anew when others could have read it', async () => {
    await using folder = await temporaryFolder();
    const token = openToken(folder.path);
    chmodSync(tokenPath(folder.path), 0o644);
    assert.notEqual(openToken(folder.path), token);
    assert.equal(statSync(tokenPath(folder.path)).mode & 0o777, 0o600);
  });
});
