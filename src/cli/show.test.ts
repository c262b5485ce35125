import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { it } from 'node:test';

import { ourShow } from './show.ts';
import { Desk } from './terminal/desk.ts';

import type { JournalRecord } from '../event/event.ts';
import type { World } from './world.ts';

it('asks for no record of a run of which nothing is to be shown', async () => {
  const world = { stdout: new PassThrough(), env: {} } as unknown as World;
  let isAsked = false;
  // eslint-disable-next-line @typescript-eslint/require-await
  async function* records(): AsyncGenerator<JournalRecord> {
    isAsked = true;
    yield { type: 'run.ended', outcome: 'succeeded', seq: 0, at: 0 };
  }
  const show = ourShow({ silent: true }, world, new Desk(world));
  await show.reporter().run(records(), records);
  assert.equal(isAsked, false);
});
