import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { temporaryFolder } from '../../test/rig/journal.ts';
import { lockState } from './state-lock.ts';

const code = (folder: string): string => `
  import { lockState } from ${JSON.stringify(join(import.meta.dirname, 'state-lock.ts'))};
  console.log(lockState(${JSON.stringify(folder)}) ? 'locked' : 'refused');
  setInterval(() => {}, 1_000);`;

describe('the lock of a state folder', () => {
  it('is held by one at a time', async () => {
    await using folder = await temporaryFolder();
    {
      using lock = lockState(folder.path);
      assert.ok(lock);
      assert.equal(lockState(folder.path), undefined);
    }
    using again = lockState(folder.path);
    assert.ok(again);
  });

  it('dies with the process that holds it, even by KILL', async () => {
    await using folder = await temporaryFolder();
    const holder = spawn(process.execPath, ['--input-type=module', '-e', code(folder.path)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = (await once(holder.stdout, 'data')) as [Buffer];
    assert.equal(said.toString().trim(), 'locked');
    assert.equal(lockState(folder.path), undefined);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    using lock = lockState(folder.path);
    assert.ok(lock);
  });
});
