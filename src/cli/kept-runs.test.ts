import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { temporaryFolder } from '../../test/rig/journal.ts';
import { keepRuns, keptRuns } from './kept-runs.ts';

describe('how many runs are remembered', () => {
  it('is fifty, or what a server has said', async () => {
    await using folder = await temporaryFolder();
    const stateDir = join(folder.path, 'state');
    assert.equal(keptRuns(stateDir), 50);
    keepRuns(stateDir, 10_000);
    assert.equal(keptRuns(stateDir), 10_000);
  });

  it('is fifty where nobody can tell what was said', async () => {
    await using folder = await temporaryFolder();
    for (const text of ['', 'all', '-1', '1e9']) {
      writeFileSync(join(folder.path, 'keep-runs'), text);
      assert.equal(keptRuns(folder.path), 50);
    }
  });
});
