import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { openJournal, started } from '../../test/rig/journal.ts';
import { JournalIndex } from '../journal/journal-index.ts';
import { readJournal } from '../journal/journal-reader.ts';
import { readLines } from './log-lines.ts';
import { searchLog } from './log-search.ts';
import { lastLines, logBytes } from './log-text.ts';
import { runLog } from './run-log.ts';
import { runRecords } from './run-records.ts';
import { Turns } from './turns.ts';

import type { JournalRecord } from '../event/event.ts';

const { signal } = new AbortController();

/** A journal of several blocks, in which three tasks talk; half of their lines go on in another record. */
async function longLog() {
  const rig = await openJournal();
  const { journal } = rig;
  journal.event(started('r1'));
  const sinks = ['a', 'b', 'rare'].map((task) => journal.output(task));
  for (let round = 0; round < 2_500; round++) {
    const sink = sinks[round % 89 === 0 ? 2 : round % 2]!;
    const line = `${round} ${round % 50 === 0 ? 'Needle ' : ''}${'x'.repeat((round * 31) % 700)}`;
    sink.write(round % 7 === 0 ? 'stderr' : 'stdout', Buffer.from(`${line}\n${line}`));
    if (round % 3 === 0) sink.end();
    if (round % 400 === 0) journal.event({ type: 'warning', text: String(round) });
  }
  for (const sink of sinks) sink.end();
  journal.flush();
  const { path } = journal;
  const index = new JournalIndex(path);
  await index.update();
  const records = await Array.fromAsync(readJournal(path));
  return Object.assign(rig, { path, index, records });
}

const bytesOf = async (parts: AsyncIterable<Buffer>): Promise<string> =>
  Buffer.concat(await Array.fromAsync(parts)).toString();

async function* gone<T>(all: readonly T[]): AsyncGenerator<T> {
  for (const one of all) yield await Promise.resolve(one);
}

const tasks = ['a', 'b', 'rare', undefined];

describe('a long log that is read by its index', () => {
  it('has the lines that it has when it is read from the start', async () => {
    await using rig = await longLog();
    const { index, records } = rig;
    const most = index.blocks.text(undefined).lines + 2;
    const range = fc.record({
      task: fc.constantFrom(...tasks),
      from: fc.option(fc.integer({ min: 1, max: most }), { nil: undefined }),
      count: fc.option(fc.integer({ min: 1, max: 300 }), { nil: undefined }),
    });
    const whole = new Map<string | undefined, string[]>();
    for (const task of tasks)
      whole.set(task, (await bytesOf(logBytes(gone(records), task))).split(/(?<=\n)/));
    await fc.assert(
      fc.asyncProperty(range, async ({ task, from, count }) => {
        const first = (from ?? 1) - 1;
        const wanted = whole.get(task)!.slice(first, first + (count ?? Infinity));
        const read = await bytesOf(runLog(index, { task, from, count, signal }));
        assert.equal(read, wanted.join(''));
      }),
    );
  });

  it('has the same end', async () => {
    await using rig = await longLog();
    const { index, records } = rig;
    for (const task of tasks)
      for (const tail of [1, 2, 50, 10_000])
        assert.equal(
          await bytesOf(runLog(index, { task, tail, signal })),
          (await lastLines(logBytes(gone(records), task), tail)).toString(),
        );
  });

  it('goes on where it was with what is written meanwhile, in the middle of a line', async () => {
    await using rig = await longLog();
    const { journal, index, path } = rig;
    const output = journal.output('a');
    output.write('stdout', Buffer.from('not yet '.repeat(10_000)));
    journal.flush();
    await index.update();
    const follow = { isAlive: () => true };
    const read = [{ tail: 1 }, { from: 900 }, { from: 900, task: 'a' }, { tail: 5, task: 'a' }];
    const reading = read.map((wanted) => bytesOf(runLog(index, { ...wanted, follow, signal })));
    output.write('stdout', Buffer.from('ended\nmore\n'));
    output.end();
    journal.event({ type: 'run.ended', outcome: 'succeeded' });
    const whole = await Promise.all(
      read.map(({ task }) => bytesOf(logBytes(readJournal(path), task))),
    );
    for (const [nth, text] of (await Promise.all(reading)).entries()) {
      assert.ok(whole[nth]!.endsWith(text), `${nth}`);
      assert.match(text, /not yet ended\n(a \| )?more\n$/);
    }
  });

  it('is the same where each piece is lent', async () => {
    await using rig = await longLog();
    const { index, records } = rig;
    for (const task of ['a', 'rare', undefined]) {
      let text = '';
      for await (const piece of runLog(index, { task, signal, lends: true }))
        text += piece.toString();
      assert.equal(text, await bytesOf(logBytes(gone(records), task)));
    }
    let data: string[] = [];
    const wanted = { from: 0, output: true, follow: undefined, signal };
    for await (const lent of runRecords(index, { ...wanted, lends: true }))
      data = data.concat(lent.map((record) => JSON.stringify(record)));
    assert.deepEqual(
      data,
      records.map((record) => JSON.stringify(record)),
    );
  });

  it('has the same lines with times, of which the numbers are those of the plain text', async () => {
    await using rig = await longLog();
    const { index, records } = rig;
    for (const task of ['a', 'rare', undefined]) {
      const plain = (await bytesOf(logBytes(gone(records), task))).replace(/\n$/, '').split('\n');
      for (const from of [1, 2, 700, 1_234, plain.length - 1, plain.length, plain.length + 1]) {
        const { lines, total } = await readLines(index, { task, from, count: 40, signal });
        assert.equal(total, plain.length);
        assert.deepEqual(
          lines.map(({ text, task: name }) => (task === undefined ? `${name} | ${text}` : text)),
          plain.slice(from - 1, from + 39),
        );
        assert.deepEqual(
          lines.map(({ n }) => n),
          lines.map((_, nth) => from + nth),
        );
      }
    }
  });

  it('is searched block by block, with the same hits', async () => {
    await using rig = await longLog();
    const { index, records } = rig;
    for (const task of ['a', 'rare', undefined]) {
      const plain = (await bytesOf(logBytes(gone(records), task))).replace(/\n$/, '').split('\n');
      for (const text of ['needle', '2400 needle', 'nowhere', '77 x'])
        assert.deepEqual(
          await searchLog(index, {
            ...{ task, text, matchCase: false, place: { from: 1 }, limit: 10_000, signal },
            turns: new Turns(),
          }),
          {
            lines: hits(plain, text),
            ...{ before: 0, total: hits(plain, text).length, searched: plain.length },
          },
        );
    }
  });

  it('tells its records from any number on, and its events alone', async () => {
    await using rig = await longLog();
    const { index, records } = rig;
    const read = async (from: number, output: boolean) =>
      (
        await Array.fromAsync(runRecords(index, { from, output, follow: undefined, signal }))
      ).flat();
    for (const from of [0, 1, 2, 500, records.length - 1, records.length, records.length + 5]) {
      assert.deepEqual(seqsOf(await read(from, true)), seqsOf(records.slice(from)));
      const events = records.slice(from).filter(({ type }) => type !== 'output');
      assert.deepEqual(await read(from, false), events);
    }
    assert.equal(index.next, records.length);
  });
});

const seqsOf = (records: readonly JournalRecord[]): number[] => records.map(({ seq }) => seq);

const hits = (lines: readonly string[], text: string): number[] =>
  lines.flatMap((line, nth) => (line.toLowerCase().includes(text) ? [nth + 1] : []));
