import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { arch, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { idleProgram } from './idle-program.ts';

const ours = arch() === 'x64' ? 'amd64' : arch();
const canRun = platform() === 'linux' && idleProgram(ours) !== undefined;

describe('the program that does nothing', () => {
  it('runs by itself until it is killed', { skip: !canRun }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'continuo-idle-'));
    const file = join(folder, 'idle');
    writeFileSync(file, idleProgram(ours)!, { mode: 0o755 });
    const idle = spawn(file, { stdio: 'ignore' });
    const ended = once(idle, 'exit');
    try {
      await once(idle, 'spawn');
      const status = (): string => readFileSync(`/proc/${idle.pid}/status`, 'utf8');
      while (!/^State:\tS/m.test(status())) assert.equal(idle.exitCode, null);
      // It goes on after a signal that stops it for a while.
      idle.kill('SIGSTOP');
      idle.kill('SIGCONT');
      while (!/^State:\tS/m.test(status())) assert.equal(idle.exitCode, null);
    } finally {
      idle.kill('SIGKILL');
      rmSync(folder, { recursive: true });
    }
    assert.deepEqual(await ended, [null, 'SIGKILL']);
  });

  it('is there for the machines that engines run on', () => {
    for (const name of ['amd64', 'x86_64', 'arm64', 'aarch64'])
      assert.equal(idleProgram(name)?.subarray(0, 4).toString('latin1'), '\x7fELF', name);
    assert.equal(idleProgram('riscv64'), undefined);
    assert.equal(idleProgram(''), undefined);
  });
});
