import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { appendFile, copyFile, stat } from 'node:fs/promises';
import { describe, it } from 'node:test';

import { ended, openJournal, started, told } from '../../test/rig/journal.ts';
import { indexPath } from './index-writer.ts';
import { JournalIndex } from './journal-index.ts';
import { readJournal } from './journal-reader.ts';
import { readSpans } from './read-spans.ts';

import type { JournalWriter } from './journal-writer.ts';

/** Three tasks in turns, one of them rarely; lines of any length, that begin and end anywhere; some events. */
async function talk(journal: JournalWriter, rounds: number): Promise<void> {
  const sinks = [journal.output('a'), journal.output('b'), journal.output('rare')] as const;
  for (let round = 0; round < rounds; round++) {
    const which = round % 97 === 0 ? 2 : round % 2;
    const stream = round % 5 === 0 ? 'stderr' : 'stdout';
    const length = (round * 7_919) % 3_000;
    const end = round % 13 === 0 ? '' : '\n';
    sinks[which]!.write(stream, Buffer.from(`${round} ${'x'.repeat(length)}\n`.repeat(3) + end));
    if (round % 211 === 0) sinks[which]!.end();
    if (round % 301 === 0) journal.event({ type: 'warning', text: `round ${round}` });
    if (round % 17 === 0) await new Promise(setImmediate);
  }
}

async function updated(path: string): Promise<JournalIndex> {
  const index = new JournalIndex(path);
  await index.update();
  return index;
}

/** Whatever an index says, so that two can be compared. */
function all({ blocks, isOver }: JournalIndex): unknown {
  const texts = [undefined, 'a', 'b', 'rare', 'nobody'].map((task) => {
    const text = blocks.text(task);
    const places = Array.from({ length: 50 }, (_, part) =>
      text.placeOf(1 + Math.floor((text.lines * part) / 49)),
    );
    return { lines: text.lines, places, spans: places.map((place) => text.spans(place)) };
  });
  return { texts, isOver, end: blocks.end, events: blocks.events(0) };
}

/** How many newlines the text of a task has, and whether its last line goes on, counted one by one. */
async function linesOf(path: string, task: string): Promise<number> {
  const parts: Buffer[] = [];
  for await (const record of readJournal(path))
    if (record.type === 'output' && record.task === task) parts.push(record.bytes);
  const text = Buffer.concat(parts).toString();
  return text === '' ? 0 : text.replace(/\n$/, '').split('\n').length;
}

async function longJournal(rounds = 1_500) {
  const rig = await openJournal();
  rig.journal.event(started('r1'));
  await talk(rig.journal, rounds);
  rig.journal.event(ended);
  await rig.journal.close();
  return rig;
}

describe('the index of a journal', () => {
  it('counts what each task has printed, as it is read from the start', async () => {
    await using rig = await longJournal();
    const { path } = rig.journal;
    const index = await updated(path);
    for (const task of ['a', 'b', 'rare'])
      assert.equal(index.blocks.text(task).lines, await linesOf(path, task), task);
    assert.equal(index.blocks.text('nobody').lines, 0);
    assert.ok(index.isOver);
    assert.equal(index.blocks.end, (await stat(path)).size);
  });

  it('says the same however it came about: by the writer, by reading, or where that was cut off', async () => {
    await using rig = await longJournal();
    const { path } = rig.journal;
    const file = indexPath(path);
    const written = readFileSync(file);
    assert.ok(written.toString().split('\n').length > 5, 'there are several blocks');
    const whole = all(await updated(path));
    for (const rest of ['', '{', '{"from":1}\n', '\0\0\0\n', written.toString()]) {
      for (const length of [0, 1, written.length / 3, written.length - 1, written.length]) {
        writeFileSync(file, Buffer.concat([written.subarray(0, length), Buffer.from(rest)]));
        assert.deepEqual(all(await updated(path)), whole, `${length} bytes, then ${rest}`);
      }
    }
    rmSync(file);
    assert.deepEqual(all(await updated(path)), whole, 'without an index');
  });

  it('believes nothing that the journal does not show', async () => {
    await using rig = await longJournal();
    const { path } = rig.journal;
    const file = indexPath(path);
    const { size } = await stat(path);
    for (const kept of [size - 1, Math.floor(size / 2), 1_100_000, 5, 0]) {
      const cut = `${path}-${kept}`;
      await copyFile(path, cut);
      truncateSync(cut, kept);
      const known = all(await updated(cut));
      await copyFile(file, indexPath(cut));
      assert.deepEqual(all(await updated(cut)), known, `cut at ${kept}`);
      // As a disk leaves it that had promised room, and lost what was to be there.
      await appendFile(cut, Buffer.alloc(size - kept));
      assert.deepEqual(all(await updated(cut)), known, `zeros from ${kept} on`);
    }
  });

  it('does not believe the index of another journal', async () => {
    await using rig = await longJournal();
    await using other = await longJournal(1_600);
    const known = all(await updated(rig.journal.path));
    const text = readFileSync(indexPath(other.journal.path), 'utf8');
    writeFileSync(indexPath(rig.journal.path), text.replaceAll('"seq":', '"seq":1'));
    assert.deepEqual(all(await updated(rig.journal.path)), known);
  });

  it('follows a journal that grows, looked at now and then', async () => {
    for (const every of [40, 700]) {
      await using rig = await openJournal();
      const { journal } = rig;
      journal.event(started('r1'));
      const index = new JournalIndex(journal.path);
      for (let round = 0; round < 1_400; round += every) {
        await talk(journal, every);
        journal.flush();
        await index.update();
        assert.deepEqual(all(index), all(await updated(journal.path)));
        assert.equal(index.isOver, false);
      }
      journal.event(ended);
      await journal.close();
      await index.update();
      assert.deepEqual(all(index), all(await updated(journal.path)));
      assert.ok(index.isOver);
    }
  });

  it('leads to the events, and past what lies between them', async () => {
    await using rig = await longJournal();
    const { path } = rig.journal;
    const { blocks } = await updated(path);
    const read = (from: number) =>
      Array.fromAsync(readSpans(path, blocks.events(from))).then((parts) => parts.flat());
    const events = (await Array.fromAsync(readJournal(path))).filter(
      ({ type }) => type !== 'output',
    );
    assert.deepEqual(told(await read(0)), told(events));
    const [begin] = blocks.events(0)[1]!;
    assert.deepEqual(await read(begin), events.slice(events.length - (await read(begin)).length));
    assert.deepEqual(await read(blocks.end), []);
    const { seq } = events.at(-2)!;
    const position = blocks.positionOf(seq);
    const from = await Array.fromAsync(readJournal(path, { position, from: seq }));
    assert.equal(from[0]?.seq, seq);
    assert.ok(position > 0);
  });

  it('is not there for a small journal, and not for one that is not there', async () => {
    await using rig = await longJournal(3);
    assert.equal(existsSync(indexPath(rig.journal.path)), false);
    const index = await updated(`${rig.journal.path}-elsewhere`);
    assert.deepEqual([index.blocks.end, index.isOver], [0, false]);
  });
});
