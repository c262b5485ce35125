import assert from 'node:assert/strict';
import { it } from 'node:test';

import { Story, plan, step } from '../../test/rig/story.ts';
import { FollowPlace } from './follow-place.ts';

import type { JournalRecord, RunEvent } from './event.ts';

const pipeline = plan('p', step('a'));
const stage = pipeline.stages[0]!.id;
const loaded: RunEvent = { type: 'run.paused', why: { kind: 'loaded' } };
const given: RunEvent = { type: 'run.variable', name: 'COLOR', value: 'red' };
const resumed: RunEvent = { type: 'run.resumed', by: 'ann', to: 'all' };
const begins: RunEvent = { type: 'stage.started', stage };

/** A journal whose first record was written so long after the first of others. */
const journal = (afterMs: number, ...events: RunEvent[]): readonly JournalRecord[] =>
  new Story(pipeline)
    .tell(...events)
    .records.map((record) => ({ ...record, at: record.at + afterMs }));

/** What is heard over one connection. */
const hear = (place: FollowPlace, records: readonly JournalRecord[]): readonly string[] =>
  records
    .slice(place.from)
    .filter((record) => place.take(record))
    .map(({ type }) => type);

it('what is told over several connections is heard once, while nothing has begun, too', () => {
  const place = new FollowPlace();
  const records = journal(0, loaded, given, resumed, begins, given);
  const heard = [1, 3, 4, 5].map((length) => hear(place, records.slice(0, length)).length);
  assert.deepEqual(heard, [1, 2, 1, 1]);
  assert.equal(place.from, 5);
  assert.deepEqual(hear(place, records), ['run.variable']);
});

it('a journal that takes the place of another before anything has begun is heard from its first record', () => {
  for (const before of [[loaded], [loaded, given, given], [loaded, resumed]]) {
    const place = new FollowPlace();
    hear(place, journal(0, ...before));
    const next = journal(1, given, loaded, resumed, begins);
    assert.deepEqual(
      hear(place, next),
      next.map(({ type }) => type),
    );
    assert.equal(place.from, next.length);
  }
});

it('who wants the rest of a run hears what comes from there on', () => {
  assert.deepEqual(hear(new FollowPlace(3), journal(0, loaded, resumed, begins)), [
    'stage.started',
  ]);
});
