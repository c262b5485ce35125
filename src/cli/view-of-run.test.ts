import assert from 'node:assert/strict';
import { open, stat } from 'node:fs/promises';
import { it } from 'node:test';

import { ended, openJournal, started } from '../../test/rig/journal.ts';
import { viewOfRun } from './view-of-run.ts';

it('what a run comes to is known without reading what it has printed', async () => {
  await using rig = await openJournal();
  const { journal } = rig;
  assert.equal(await viewOfRun(`${journal.path}.none`), undefined);
  journal.event(started('r1'));
  const sink = journal.output('a');
  for (let piece = 0; piece < 200; piece++) {
    sink.write('stdout', Buffer.from(`${'x'.repeat(32 * 1_024)}\n`));
    if (piece % 10 === 0) await new Promise(setImmediate);
  }
  journal.event(ended);
  await journal.close();
  // Whoever reads on from here learns nothing more.
  await using file = await open(journal.path, 'r+');
  const { size } = await stat(journal.path);
  await file.write(Buffer.alloc(128 * 1_024), 0, undefined, Math.floor(size / 2));
  const view = await viewOfRun(journal.path);
  assert.equal(view?.plan.name, 'quickstart');
  assert.equal(view.outcome, 'succeeded');
});
