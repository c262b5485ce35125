import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';

import { ok } from '../base/result.ts';
import { sendWhileRunning } from '../control/send-command.ts';
import { openControl } from './control.ts';

it('has in the journal what a command has come to before it answers that', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'control-test-'));
  try {
    const done: string[] = [];
    const run = {
      take: () => {
        done.push('taken');
        return ok(undefined);
      },
    };
    await using _control = openControl(folder, run, { flush: () => void done.push('written') });
    const isRunning = () => Promise.resolve(true);
    const sent = await sendWhileRunning(folder, { do: 'pause', by: 'ann' }, isRunning);
    assert.deepEqual([sent.ok, ...done], [true, 'taken', 'written']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
