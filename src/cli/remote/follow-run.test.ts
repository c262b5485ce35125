import assert from 'node:assert/strict';
import { it } from 'node:test';

import { HttpFiles } from '../../../test/rig/http-files.ts';
import { Story, plan, step } from '../../../test/rig/story.ts';
import { RunFollower } from './follow-run.ts';
import { RemoteServer } from './remote-server.ts';

import type { JournalRecord, RunEvent } from '../../event/event.ts';

const pipeline = plan('p', step('a'));

const journal = (afterMs: number, ...events: RunEvent[]): readonly JournalRecord[] =>
  new Story(pipeline)
    .tell({ type: 'run.paused', why: { kind: 'loaded' } }, ...events)
    .records.map((record) => ({ ...record, at: record.at + afterMs }));

const end = 'event: end\ndata: {"outcome":"succeeded"}\n\n';

const toMessages = (records: readonly JournalRecord[]): string =>
  records.map((record) => `id: ${record.seq}\ndata: ${JSON.stringify(record)}\n\n`).join('');

it('a run that gets another process before anything of it has begun is told from its first record again', async () => {
  const given: RunEvent = { type: 'run.variable', name: 'COLOR', value: 'red' };
  const first = journal(0, given, given);
  const second = journal(
    1_000,
    { type: 'run.resumed', by: 'ann', to: 'all' },
    { type: 'stage.started', stage: pipeline.stages[0]!.id },
    { type: 'run.ended', outcome: 'succeeded' },
  );
  let asked = 0;
  await using server = await HttpFiles.start(({ url = '' }, response) => {
    const from = Number(new URL(url, 'http://localhost').searchParams.get('from'));
    asked += 1;
    if (asked === 1) response.end(toMessages(first));
    else response.end(`${toMessages(second.slice(from))}${end}`);
  });
  const place = { url: server.at(''), token: 'a-token', isHere: true };
  const follower = new RunFollower(new RemoteServer(place), 'shop');
  const told = await Array.fromAsync(follower.records(new AbortController().signal));
  assert.deepEqual(told, [...first, ...second]);
  assert.equal(follower.outcome, 'succeeded');
});
