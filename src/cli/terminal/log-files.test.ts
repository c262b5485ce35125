import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { Story, plan, service, step } from '../../../test/rig/story.ts';
import { openLogFiles } from './log-files.ts';

import type { Logging } from '../show.ts';

class Folder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'continuo-logs-'));

  read = (name: string): string => readFileSync(join(this.path, name), 'latin1');

  async write(story: Story, logging: Partial<Logging>): Promise<void> {
    const opened = openLogFiles(
      { mode: 'file', path: 'logs', ...logging },
      { cwd: this.path, env: {} },
    );
    assert.ok(opened.ok);
    await Promise.all(opened.value.map((file) => file.run(story.read(), () => story.read())));
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true });
  }
}

const raw = Buffer.from([0x00, 0xff, 0x1b, 0x5b, 0x33, 0x31, 0x6d, 0x0d, 0x0a, 0xe6]);
const end = { kind: 'exited', exit: { kind: 'code', code: 1 } } as const;

const story = (): Story =>
  new Story(plan('p', service('db', []), step('a/b'), step('c')))
    .tell({ type: 'service.starting', service: 'db', start: 1 })
    .says('db', 'up\n', 'stderr')
    .tell({ type: 'step.started', step: 'a/b', attempt: 1 })
    .says('a/b', raw)
    .says('db', 'asked\n')
    .says('a/b', 'no newline')
    .tell({ type: 'step.retrying', step: 'a/b', attempt: 1, end, delayMs: 0 })
    .tell({ type: 'step.started', step: 'a/b', attempt: 2 })
    .says('a/b', 'again\n')
    .tell({ type: 'step.ended', step: 'a/b', outcome: 'succeeded' })
    .tell({ type: 'step.started', step: 'c', attempt: 1 })
    .tell({ type: 'step.ended', step: 'c', outcome: 'succeeded' })
    .says('db', 'last words\n');

describe('log files', () => {
  it('hold what each task printed, byte by byte, one for each', async () => {
    using folder = new Folder();
    await folder.write(story(), { mode: 'files', path: 'x/y' });
    assert.deepEqual(readdirSync(join(folder.path, 'x/y')).sort(), [
      '01-cix-34b69c58-db.log',
      '02-cix-34b69c58-a_b.log',
      '03-cix-34b69c58-c.log',
      'cix-execution.log',
    ]);
    assert.equal(folder.read('x/y/01-cix-34b69c58-db.log'), 'up\nasked\nlast words\n');
    const printed = `${raw.toString('latin1')}no newlineagain\n`;
    assert.equal(folder.read('x/y/02-cix-34b69c58-a_b.log'), printed);
    assert.equal(folder.read('x/y/03-cix-34b69c58-c.log'), '');
    assert.doesNotMatch(folder.read('x/y/cix-execution.log'), / \| /);
    assert.match(folder.read('x/y/cix-execution.log'), /INFO \tStarting step 'a\/b'\n/);
  });

  it('are one with everything, as the console shows it without colours', async () => {
    using folder = new Folder();
    await folder.write(story(), {});
    assert.deepEqual(readdirSync(join(folder.path, 'logs')), ['cix-execution.log']);
    const text = folder.read('logs/cix-execution.log');
    assert.match(text, /\tStarting step 'db'\ndb {19}\| up\n.*\tStarting step 'a\/b'\n/);
  });

  it('are added to', async () => {
    using folder = new Folder();
    const flags = { path: '.', name: 'mine.txt' };
    writeFileSync(join(folder.path, 'mine.txt'), 'before\n');
    await folder.write(story(), flags);
    const once = folder.read('mine.txt');
    assert.ok(once.startsWith('before\n'));
    await folder.write(story(), flags);
    assert.equal(folder.read('mine.txt'), once + once.slice('before\n'.length));
  });

  it('are not written unless somebody wants them', async () => {
    using folder = new Folder();
    await folder.write(story(), { mode: 'console' });
    assert.deepEqual(readdirSync(folder.path), []);
  });

  it('are refused in a sentence where they cannot be', () => {
    using folder = new Folder();
    writeFileSync(join(folder.path, 'logs'), '');
    const opened = openLogFiles({ mode: 'file', path: 'logs' }, { cwd: folder.path, env: {} });
    assert.match(opened.ok ? '' : opened.failure, /^cannot write log files: .*logs/);
  });
});
