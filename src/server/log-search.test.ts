import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { openJournal, started } from '../../test/rig/journal.ts';
import { freePort } from '../../test/rig/ports.ts';
import { host, openTestServer, token, writeRun } from '../../test/rig/server.ts';
import { Story, plan, step } from '../../test/rig/story.ts';
import { JournalIndex } from '../journal/journal-index.ts';
import { searchLog } from './log-search.ts';
import { Turns } from './turns.ts';

import type { ClientRequest, IncomingMessage } from 'node:http';
import type { TestServer } from '../../test/rig/server.ts';
import type { LogHits, LogSearch } from './log-search.ts';

const id = '20261121-223012-4k3f9';

/** A log of many blocks. Every seventh line has the word, and so has a line that is longer than a block. */
async function longLog() {
  const rig = await openJournal();
  const { journal } = rig;
  journal.event(started('r1'));
  const [build, other] = [journal.output('build'), journal.output('other')];
  const lines: string[] = [];
  for (let n = 1; n <= 3_000; n++) {
    const filling = 'x'.repeat(n === 1_400 ? 600_000 : (n * 37) % 300);
    const line = `${n}${n % 7 === 0 || n === 1_400 ? ' word' : ''} ${filling}`;
    lines.push(line);
    // Some are printed in two pieces, with somebody else's between them.
    const cut = n % 11 === 0 || n === 1_400 ? 90 : line.length;
    build.write('stdout', Buffer.from(line.slice(0, cut)));
    if (n % 5 === 0) other.write('stdout', Buffer.from(`other ${n} word\n`));
    build.write('stdout', Buffer.from(`${line.slice(cut)}\n`));
  }
  journal.flush();
  const index = new JournalIndex(journal.path);
  await index.update();
  const all = lines.flatMap((line, nth) => (line.includes('word') ? [nth + 1] : []));
  return Object.assign(rig, { index, all });
}

const wanted = (more: Partial<LogSearch>): LogSearch => ({
  ...{ task: 'build', text: 'WORD', matchCase: false, place: { from: 1 }, limit: 10_000 },
  ...{ signal: new AbortController().signal, turns: new Turns() },
  ...more,
});

function nextOf({ lines, before, total, next }: LogHits, place: LogSearch['place']) {
  if (total === undefined) return next;
  if ('from' in place) return before! + lines.length < total ? lines.at(-1)! + 1 : undefined;
  return before! > 0 ? lines[0] : undefined;
}

/** All hits of a log, as whoever goes on from answer to answer has them. */
async function walk(index: JournalIndex, search: LogSearch): Promise<number[]> {
  const found: number[] = [];
  for (let { place } = search; ;) {
    const hits = await searchLog(index, { ...search, place });
    const { lines } = hits;
    assert.ok(lines.length <= search.limit);
    if ('from' in place) found.push(...lines);
    else found.unshift(...lines);
    const next = nextOf(hits, place);
    if (next === undefined) return found;
    assert.ok('from' in place ? next > place.from : next < place.before, 'it goes on');
    place = 'from' in place ? { from: next } : { before: next };
  }
}

describe('a search through a long log', () => {
  it('misses no hit and tells none twice, in parts of any size, forwards and backwards', async () => {
    await using rig = await longLog();
    const { index, all } = rig;
    const asked = fc.record({
      at: fc.integer({ min: 1, max: 3_002 }),
      isForwards: fc.boolean(),
      limit: fc.constantFrom(1, 3, 100, 10_000),
      mostBytes: fc.constantFrom(1, 600_000, 10_000_000),
    });
    await fc.assert(
      fc.asyncProperty(asked, async ({ at, isForwards, limit, mostBytes }) => {
        const place = isForwards ? { from: at } : { before: at };
        // One by one it would take too long.
        const few = Math.max(limit, 100);
        const found = await walk(index, wanted({ place, limit: few, mostBytes }));
        assert.deepEqual(
          found,
          all.filter((n) => (isForwards ? n >= at : n < at)),
        );
        const { lines } = await searchLog(index, wanted({ place, limit }));
        assert.deepEqual(lines, isForwards ? found.slice(0, limit) : found.slice(-limit));
      }),
      { numRuns: 15 },
    );
  });

  it('counts all where that is little work, and says nothing of how many there are where it is much', async () => {
    await using rig = await longLog();
    const { index, all } = rig;
    const place = { from: 1_500 };
    const hits = await searchLog(index, wanted({ place, limit: 2 }));
    const before = all.filter((n) => n < 1_500).length;
    assert.deepEqual(hits, {
      lines: [1_505, 1_512],
      ...{ before, total: all.length, searched: 3_000 },
    });
    const some = await searchLog(index, wanted({ place, limit: 2, mostBytes: 1 }));
    assert.deepEqual(some, { lines: [1_505, 1_512], next: 1_513, searched: 3_000 });
    const last = await searchLog(index, wanted({ text: '2999', mostBytes: 1 }));
    assert.deepEqual([last.lines, last.total, last.before], [[], undefined, undefined]);
    assert.ok(last.next! > 1 && last.next! < 3_000);
  });

  it('ends when nobody wants it any more', async () => {
    await using rig = await longLog();
    const turns = new Turns();
    const life = new AbortController();
    const search = searchLog(rig.index, wanted({ text: 'nowhere', turns, signal: life.signal }));
    while (turns.taken < 2) await new Promise(setImmediate);
    life.abort();
    assert.equal((await search).total, undefined);
    assert.ok(turns.taken <= 3, `${turns.taken}`);
  });
});

/** A server over a run that prints so many lines. */
async function serverWithLines(count: number): Promise<TestServer> {
  const server = await openTestServer();
  const story = new Story(plan('shop', step('build')));
  const batch = 5_000;
  for (let first = 1; first <= count; first += batch) {
    const lines = Array.from({ length: batch }, (_, nth) => `line ${first + nth} says a word\n`);
    story.says('build', lines.join(''));
  }
  story.tell({ type: 'run.ended', outcome: 'succeeded' });
  await writeRun(server.stateDir, id, story.records);
  return server;
}

async function answered(asked: ClientRequest): Promise<void> {
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
}

const path = (text: string): string => `/api/v1/runs/${id}/logs/search?task=build&text=${text}`;

describe('a server that searches', () => {
  it('stops where enough was found, and after so much work where nothing was', async () => {
    await using server = await serverWithLines(1_500_000);
    const ask = async (text: string) => (await server.ask({ url: path(text) })).json<LogHits>();
    const { lines, next, total } = await ask('word&limit=10000');
    assert.deepEqual([lines.length, next, total], [10_000, 10_001, undefined]);
    const few = server.turns.taken;
    assert.ok(few < 10, `${few} turns for a word that is everywhere`);
    const nothing = await ask('nowhere');
    assert.deepEqual([nothing.lines, nothing.total], [[], undefined]);
    assert.ok(nothing.next! > 100_000, `${nothing.next}`);
    assert.ok(server.turns.taken - few <= 70, `${server.turns.taken} turns for one answer`);
  });

  it('answers others meanwhile, and gives it up when its client goes away', async () => {
    await using server = await serverWithLines(500_000);
    await server.app.listen({ host: '127.0.0.1', port: await freePort() });
    const { port } = server.app.server.address() as { port: number };
    const headers = { host, authorization: `Bearer ${token}` };
    const get = (url: string) => request({ host: '127.0.0.1', port, path: url, headers }).end();

    const search = get(path('says%20nothing'));
    let isOver = false;
    const ended = answered(search).then(() => (isOver = true));
    while (server.turns.taken === 0) await new Promise(setImmediate);
    for (let others = 0; others < 3; others++) await answered(get('/api/v1/runs'));
    assert.equal(isOver, false);
    await ended;
    const whole = server.turns.taken;

    const left = get(path('says%20nothing'));
    left.on('error', () => undefined);
    while (server.turns.taken === whole) await new Promise(setImmediate);
    left.destroy();
    // A search of somebody else has its turns after those that were left.
    await answered(get(path('line%20499999')));
    const taken = server.turns.taken - whole;
    assert.ok(taken < 2 * whole - 5, `${taken} turns, ${whole} for one`);
  });
});
