import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';

import { readJournal } from './journal-reader.ts';
import { createJournal } from './journal-writer.ts';
import { createMasker } from './masker.ts';

import type { JournalRecord, RunEvent } from '../event/event.ts';
import type { JournalWriter } from './journal-writer.ts';

const started: RunEvent = {
  type: 'run.started',
  run: 'r1',
  pid: 1,
  version: '0',
  workspace: '/w',
  plan: { name: 'p', stages: [] },
};
const ended: RunEvent = { type: 'run.ended', outcome: 'succeeded' };

interface Rig extends AsyncDisposable {
  readonly journal: JournalWriter;
  readonly stateDir: string;
}

async function open(secrets: readonly string[] = [], now = () => 1_000): Promise<Rig> {
  const stateDir = await mkdtemp(join(tmpdir(), 'journal-'));
  const created = createJournal({
    stateDir,
    run: 'r1',
    masker: createMasker(secrets),
    now,
    onFailure: (detail) => assert.fail(detail),
  });
  assert.ok(created.ok);
  const journal = created.value;
  return {
    journal,
    stateDir,
    async [Symbol.asyncDispose]() {
      await journal.close();
      await rm(stateDir, { recursive: true });
    },
  };
}

async function all(records: AsyncIterable<JournalRecord>): Promise<JournalRecord[]> {
  return Array.fromAsync(records);
}

function told(records: readonly JournalRecord[]): string[] {
  return records.map((record) =>
    record.type === 'output' ? `${record.stream} ${record.bytes.toString()}` : record.type,
  );
}

describe('a journal', () => {
  it('gives back what it took, in the order of the calls', async () => {
    await using rig = await open();
    const { journal } = rig;
    journal.event(started);
    const output = journal.output('api');
    output.write('stdout', Buffer.from('one\ntwo\nthr'));
    output.write('stderr', Buffer.from('oops\n'));
    output.write('stdout', Buffer.from('ee\nfour'));
    output.end();
    journal.event(ended);
    await journal.close();
    const records = await all(readJournal(journal.path));
    assert.deepEqual(told(records), [
      'run.started',
      'stdout one\ntwo\n',
      'stderr oops\n',
      'stdout three\n',
      'stdout four',
      'run.ended',
    ]);
    assert.deepEqual(
      records.map(({ seq }) => seq),
      [0, 1, 2, 3, 4, 5],
    );
    assert.deepEqual(records[0], { ...started, seq: 0, at: 1_000 });
  });

  it('is for its owner only', async () => {
    await using rig = await open();
    assert.equal((await stat(rig.journal.path)).mode & 0o777, 0o600);
    assert.equal((await stat(dirname(rig.journal.path))).mode & 0o777, 0o700);
  });

  it('gives a live reader everything, then what follows, until the run has ended', async () => {
    await using rig = await open();
    const { journal } = rig;
    journal.event(started);
    const reader = journal.read();
    const first = await reader.next();
    assert.equal(first.value?.type, 'run.started');
    const second = reader.next();
    journal.event({ type: 'stage.started', stage: 'a' });
    assert.equal((await second).value?.type, 'stage.started');
    const rest = all(reader);
    journal.event(ended);
    assert.deepEqual(told(await rest), ['run.ended']);
  });

  it('keeps every byte of what is not UTF-8', async () => {
    await using rig = await open();
    const bytes = Buffer.from([0xff, 0x00, 0x0a, 0xc3, 0x28, 0x0a, 0x7b, 0x7d, 0x0a]);
    const output = rig.journal.output('x');
    output.write('stdout', bytes);
    await rig.journal.close();
    const [record] = await all(readJournal(rig.journal.path));
    assert.ok(record?.type === 'output');
    assert.deepEqual(record.bytes, bytes);
  });
});
