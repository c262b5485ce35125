import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, statSync, truncateSync, utimesSync } from 'node:fs';
import { describe, it } from 'node:test';

import { openTestServer, writeRun } from '../../test/rig/server.ts';
import { goodStory } from '../../test/rig/stories.ts';
import { newRunId } from '../journal/run-id.ts';
import { journalPath, runFolder, runsFolder } from '../journal/state-dir.ts';

import type { TestServer } from '../../test/rig/server.ts';

const id = '20261121-223012-4k3f9';
const { records } = goodStory();

/** What the server has to say of a run, but what it came to. */
async function told(server: TestServer): Promise<readonly string[]> {
  const urls = ['/plan', '/tests', '/logs', '/logs?tail=3', '/events?follow=false'];
  return Promise.all(
    urls.map(async (url) => {
      const { body, statusCode } = await server.ask({ url: `/api/v1/runs/${id}${url}` });
      assert.equal(statusCode, 200, `${url}: ${body}`);
      return body;
    }),
  );
}

const outcome = async (server: TestServer): Promise<string> =>
  (await server.ask({ url: `/api/v1/runs/${id}` })).json<{ outcome: string }>().outcome;

describe('a journal whose end is not one', () => {
  it('is told as far as it is a journal, and its run is lost', async () => {
    const junk = [
      Buffer.alloc(10_000),
      Buffer.from(
        '{"seq":99,"at":1,"type":"output","task":"build","stream":"stdout","bytes":9}\nx',
      ),
      Buffer.from('{"seq":99,"at":1,"type":"run.ended","outcome":"succeeded","seal":"guessed"'),
      Buffer.from('\n\n\n'),
      Buffer.alloc(300_000, 'x'),
      Buffer.from([0xff, 0xfe, 0x0a]),
    ];
    await using whole = await openTestServer();
    await writeRun(whole.stateDir, id, records.slice(0, -1));
    const known = await told(whole);
    for (const bytes of junk) {
      await using server = await openTestServer();
      await writeRun(server.stateDir, id, records.slice(0, -1));
      appendFileSync(journalPath(server.stateDir, id), bytes);
      // Journals of other folders have other seals and times, and are else the same.
      assert.deepEqual(await told(server), known);
      assert.equal(await outcome(server), 'lost');
      assert.deepEqual(server.bugs, []);
    }
  });

  it('is told anew, and not twice, when it grows on from where it was cut', async () => {
    await using server = await openTestServer();
    server.alive.add(4_711);
    await writeRun(server.stateDir, id, records.slice(0, 8));
    const path = journalPath(server.stateDir, id);
    const { size } = statSync(path);
    const line = '{"seq":8,"at":1,"type":"warning","text":"half and half"}\n';
    appendFileSync(path, line.slice(0, 20));
    assert.equal(await outcome(server), 'running');
    appendFileSync(path, line.slice(20));
    const warnings = async () =>
      (await server.ask({ url: `/api/v1/runs/${id}` })).json<{ warnings: object[] }>().warnings;
    assert.equal((await warnings()).length, 1);
    assert.equal((await warnings()).length, 1);
    truncateSync(path, size);
    assert.equal((await warnings()).length, 1);
  });
});

describe('a clock that jumps', () => {
  const hour = 3_600_000;

  it('changes nothing about which runs there are, and what became of them', async () => {
    const clock = { offset: 0 };
    await using server = await openTestServer({ wallClock: () => Date.now() + clock.offset });
    server.alive.add(4_711);
    const outcomes = async () =>
      (await server.index.list({ limit: 100 })).map((run) => run.outcome).sort();
    const expected: string[] = [];
    for (const offset of [0, -hour, hour, -48 * hour, 48 * hour, 0]) {
      clock.offset = offset;
      // Names of runs and times of files come from the same clock.
      const now = Date.now() + offset;
      await writeRun(server.stateDir, newRunId(now), records.slice(0, 5));
      await writeRun(server.stateDir, newRunId(now), records);
      utimesSync(runsFolder(server.stateDir), now / 1_000, now / 1_000);
      expected.push('running', 'succeeded');
      assert.deepEqual(await outcomes(), expected.toSorted(), `${offset / hour} hours`);
    }
    assert.deepEqual(server.troubles, []);
  });

  it('makes no run lost that is about to begin', async () => {
    const clock = { offset: 0 };
    await using server = await openTestServer({ wallClock: () => Date.now() + clock.offset });
    server.alive.add(4_711);
    const run = newRunId(Date.now());
    mkdirSync(runFolder(server.stateDir, run), { recursive: true });
    const journal = journalPath(server.stateDir, run);
    appendFileSync(journal, '');
    for (const offset of [0, hour, -hour]) {
      clock.offset = offset;
      assert.deepEqual(await server.index.list({ limit: 10 }), [], `${offset / hour} hours`);
    }
    const other = newRunId(Date.now());
    await writeRun(server.stateDir, other, records.slice(0, 5));
    assert.equal((await server.index.list({ limit: 10 }))[0]?.outcome, 'running');
  });

  it('backwards within a run is told as it was written', async () => {
    await using server = await openTestServer();
    const back = records.map((record, nth) =>
      nth < 5 ? record : { ...record, at: record.at - hour },
    );
    await writeRun(server.stateDir, id, back);
    assert.equal(await outcome(server), 'succeeded');
    assert.equal((await told(server)).length, 5);
    const lines = await server.ask({ url: `/api/v1/runs/${id}/logs/lines` });
    assert.equal(lines.statusCode, 200, lines.body);
  });
});
