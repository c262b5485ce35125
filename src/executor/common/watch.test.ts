import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import type { WatchSpec } from './watch.ts';

it('a watchdog tries once more when what it runs crashes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'continuo-watch-'));
  const [script, tries] = [join(folder, 'script'), join(folder, 'tries')];
  try {
    writeFileSync(script, `echo "$@" >> ${tries}; [ $(wc -l < ${tries}) = 2 ] || kill -SEGV $$`);
    const spec: WatchSpec = { script, node: '/bin/sh', lease: 'the-lease', graceMs: 7 };
    const watch = JSON.stringify(join(import.meta.dirname, 'watch.ts'));
    const dying = `const { startWatch } = await import(${watch});
      await startWatch(${JSON.stringify(spec)});
      process.kill(process.pid, 'SIGKILL');`;
    const owner = spawn(process.execPath, ['--input-type=module', '-e', dying]);
    await once(owner, 'exit');
    const told = (): string => (existsSync(tries) ? readFileSync(tries, 'utf8') : '');
    while (told().split('\n').length < 3) await delay(20);
    assert.equal(told(), 'the-lease 7\nthe-lease 7\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
