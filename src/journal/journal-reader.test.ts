import assert from 'node:assert/strict';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { readJournal } from './journal-reader.ts';
import { ended, openJournal, started, temporaryFolder, told } from '../../test/rig/journal.ts';

describe('a live reader', () => {
  it('gets everything, then what follows, until the run has ended', async () => {
    await using rig = await openJournal();
    const { journal } = rig;
    journal.event(started('r1'));
    const reader = journal.read();
    assert.equal((await reader.next()).value?.type, 'run.started');
    const second = reader.next();
    journal.event({ type: 'stage.started', stage: 'a' });
    assert.equal((await second).value?.type, 'stage.started');
    const rest = Array.fromAsync(reader);
    journal.event(ended);
    assert.deepEqual(told(await rest), ['run.ended']);
  });

  it('ends when the journal is closed before the run has ended', async () => {
    await using rig = await openJournal();
    rig.journal.event(started('r1'));
    const reading = Array.fromAsync(rig.journal.read());
    rig.journal.event({ type: 'warning', text: 'last words' });
    await rig.journal.close();
    assert.deepEqual(told(await reading), ['run.started', 'warning']);
  });

  it('may leave while it waits', async () => {
    await using rig = await openJournal();
    rig.journal.event(started('r1'));
    const leave = new AbortController();
    const reader = rig.journal.read({ signal: leave.signal });
    await reader.next();
    const waiting = reader.next();
    leave.abort();
    assert.equal((await waiting).done, true);
  });

  it('begins where it wants to', async () => {
    await using rig = await openJournal();
    rig.journal.event(started('r1'));
    rig.journal.event({ type: 'stage.started', stage: 'a' });
    rig.journal.event(ended);
    const records = await Array.fromAsync(rig.journal.read({ from: 1 }));
    assert.deepEqual(told(records), ['stage.started', 'run.ended']);
    await rig.journal.close();
    const later = await Array.fromAsync(readJournal(rig.journal.path, { from: 2 }));
    assert.deepEqual(told(later), ['run.ended']);
  });

  it('misses nothing, however writing and reading interleave', async () => {
    await using rig = await openJournal();
    const { journal } = rig;
    journal.event(started('r1'));
    const reading = Promise.all([
      Array.fromAsync(journal.read()),
      Array.fromAsync(readJournal(journal.path, { follow: { isAlive: () => true } })),
    ]);
    const output = journal.output('x');
    for (let index = 0; index < 2_000; index++) {
      output.write('stdout', Buffer.from(`${index} ${'x'.repeat(index)}\n`));
      if (index % 7 === 0) await new Promise(setImmediate);
    }
    journal.event(ended);
    for (const records of await reading) {
      assert.equal(records.length, 2_002);
      for (const [index, record] of records.entries()) {
        assert.equal(record.seq, index);
        if (record.type === 'output')
          assert.equal(record.bytes.toString(), `${index - 1} ${'x'.repeat(index - 1)}\n`);
      }
    }
  });
});

describe('a reader of another process’s journal', () => {
  it('follows until the run has ended', async () => {
    await using rig = await openJournal();
    rig.journal.event(started('r1', 4_711));
    rig.journal.flush();
    const asked: number[] = [];
    const isAlive = ({ pid }: { pid: number }): boolean => {
      asked.push(pid);
      if (asked.length === 1) rig.journal.event(ended);
      return true;
    };
    const records = await Array.fromAsync(readJournal(rig.journal.path, { follow: { isAlive } }));
    assert.deepEqual(told(records), ['run.started', 'run.ended']);
    assert.ok(asked.every((pid) => pid === 4_711));
  });

  it('ends, with everything, when the owner is dead', async () => {
    await using rig = await openJournal();
    rig.journal.event(started('r1'));
    rig.journal.flush();
    const isAlive = (): boolean => {
      rig.journal.event({ type: 'warning', text: 'written just before its death' });
      rig.journal.flush();
      return false;
    };
    const records = await Array.fromAsync(readJournal(rig.journal.path, { follow: { isAlive } }));
    assert.deepEqual(told(records), ['run.started', 'warning']);
  });

  it('finds nothing where no journal is', async () => {
    await using folder = await temporaryFolder();
    assert.deepEqual(await Array.fromAsync(readJournal(join(folder.path, 'journal'))), []);
  });
});

describe('a broken journal', () => {
  it('gives exactly its complete records, wherever it breaks off', async () => {
    await using rig = await openJournal();
    const { journal } = rig;
    const ends: number[] = [];
    const write = async (step: () => void): Promise<void> => {
      step();
      journal.flush();
      ends.push((await readFile(journal.path)).length);
    };
    const output = journal.output('ä');
    await write(() => journal.event(started('r1')));
    await write(() => output.write('stdout', Buffer.from('one\ntwo\n')));
    await write(() => output.write('stderr', Buffer.from('\n\n')));
    output.write('stdout', Buffer.from('no newline'));
    await write(() => output.end());
    await write(() => journal.event(ended));
    const whole = await readFile(journal.path);
    const records = await Array.fromAsync(readJournal(journal.path));
    assert.equal(records.length, 5);

    const cut = `${journal.path}.cut`;
    for (let length = 0; length <= whole.length; length++) {
      await writeFile(cut, whole.subarray(0, length));
      const complete = ends.filter((end) => end <= length).length;
      const read = await Array.fromAsync(readJournal(cut));
      assert.deepEqual(read, records.slice(0, complete), `cut at ${length}`);
    }
  });

  it('is read up to what is not a record', async () => {
    await using rig = await openJournal();
    rig.journal.event(started('r1'));
    await rig.journal.close();
    for (const junk of ['\0\0\0\n', '{"seq":1}\n', '[]\n', '{"seq":1,"at":1,"type":"output"}\n']) {
      const path = `${rig.journal.path}.junk`;
      await writeFile(path, await readFile(rig.journal.path));
      await appendFile(path, `${junk}{"seq":2,"at":1,"type":"warning","text":""}\n`);
      assert.deepEqual(told(await Array.fromAsync(readJournal(path))), ['run.started'], junk);
    }
  });
});
