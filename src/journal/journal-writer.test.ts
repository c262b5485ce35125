import assert from 'node:assert/strict';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';

import { readJournal } from './journal-reader.ts';
import { ended, openJournal, started, temporaryFolder, told } from '../../test/rig/journal.ts';
import { createJournal } from './journal-writer.ts';
import { createMasker } from './masker.ts';

import type { RunEvent } from '../event/event.ts';

const text = (...lines: string[]): Buffer => Buffer.from(lines.join('\n'));

describe('a journal', () => {
  it('gives back what it took, in the order of the calls', async () => {
    await using rig = await openJournal();
    const { journal } = rig;
    journal.event(started('r1'));
    const output = journal.output('api');
    output.write('stdout', text('one', 'two', 'thr'));
    output.write('stderr', text('oops', ''));
    output.write('stdout', text('ee', 'four'));
    output.end();
    journal.event(ended);
    await journal.close();
    const records = await Array.fromAsync(readJournal(journal.path));
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
    assert.deepEqual(records[0], { ...started('r1'), seq: 0, at: 1_000 });
    assert.deepEqual(records[5], { ...ended, seq: 5, at: 1_000 });
  });

  it('is for its owner only', async () => {
    await using rig = await openJournal();
    assert.equal((await stat(rig.journal.path)).mode & 0o777, 0o600);
    assert.equal((await stat(dirname(rig.journal.path))).mode & 0o777, 0o700);
  });

  it('keeps every byte of what is not UTF-8, or looks like a record', async () => {
    await using rig = await openJournal();
    const pieces = [
      Buffer.from([0xff, 0x00, 0x0a, 0xc3, 0x28, 0x0a]),
      text('{"seq":0,"at":0,"type":"run.ended","outcome":"failed"}', '{"seq":9', ''),
      text('\n\n\n'),
    ];
    const output = rig.journal.output('x');
    for (const piece of pieces) output.write('stdout', piece);
    await rig.journal.close();
    const bytes: Buffer[] = [];
    for await (const record of readJournal(rig.journal.path)) {
      assert.ok(record.type === 'output');
      bytes.push(record.bytes);
    }
    assert.deepEqual(bytes, pieces);
  });

  it('takes the bytes at once: whoever gave them may use them again', async () => {
    await using rig = await openJournal();
    const output = rig.journal.output('x');
    const bytes = text('one', 'two');
    output.write('stdout', bytes);
    bytes.fill(0);
    output.end();
    await rig.journal.close();
    const records = await Array.fromAsync(readJournal(rig.journal.path));
    assert.deepEqual(told(records), ['stdout one\n', 'stdout two']);
  });

  it('writes a very long line in parts', async () => {
    await using rig = await openJournal();
    const output = rig.journal.output('x');
    for (let index = 0; index < 50; index++) output.write('stdout', Buffer.alloc(10_000, 97));
    output.write('stdout', text('', 'next'));
    output.end();
    await rig.journal.close();
    const records = await Array.fromAsync(readJournal(rig.journal.path));
    assert.ok(records.length > 5, 'it was not held back until its end');
    const all = told(records).map((record) => record.slice('stdout '.length));
    assert.equal(all.join(''), `${'a'.repeat(500_000)}\nnext`);
  });

  it('masks what a task prints, each stream by itself, and the free text of events', async () => {
    await using rig = await openJournal({ secrets: ['hunter22'] });
    const output = rig.journal.output('x');
    output.write('stdout', text('a hun'));
    output.write('stderr', text('b hun'));
    output.write('stdout', text('ter22', ''));
    output.write('stderr', text('dred', ''));
    rig.journal.event({ type: 'warning', about: 'hunter22', text: 'it is hunter22' });
    rig.journal.event({ type: 'step.started', step: 'hunter22', attempt: 1 });
    await rig.journal.close();
    const records = await Array.fromAsync(readJournal(rig.journal.path));
    assert.deepEqual(told(records.slice(0, 2)), ['stdout a ********\n', 'stderr b hundred\n']);
    assert.deepEqual(records.slice(2), [
      { type: 'warning', about: 'hunter22', text: 'it is ********', seq: 2, at: 1_000 },
      { type: 'step.started', step: 'hunter22', attempt: 1, seq: 3, at: 1_000 },
    ]);
  });

  it('masks an event however deep the text stands, and no word that readers compare', async () => {
    await using rig = await openJournal({ secrets: ['step', 'died', 'TERM', 'curl'] });
    const event: RunEvent = {
      type: 'run.ended',
      outcome: 'failed',
      cause: {
        kind: 'service',
        service: 'step',
        end: { kind: 'died', exit: { kind: 'signal', signal: 'TERM' }, afterMs: 5 },
        lastLines: ['curl', 'a TERM b'],
      },
    };
    rig.journal.event(event);
    await rig.journal.close();
    const [record] = await Array.fromAsync(readJournal(rig.journal.path));
    assert.ok(record?.type === 'run.ended' && record.cause?.kind === 'service');
    assert.deepEqual(record.cause, {
      kind: 'service',
      service: 'step',
      end: { kind: 'died', exit: { kind: 'signal', signal: 'TERM' }, afterMs: 5 },
      lastLines: ['********', 'a ******** b'],
    });
  });

  it('puts the time where the mark of a task stands', async () => {
    const now = Date.parse('2026-11-21T22:30:12.123Z');
    await using rig = await openJournal({ secrets: ['hunter22'], now: () => now });
    const output = rig.journal.output('x', { timeMark: '@t@' });
    output.write('stdout', text('@t'));
    output.write('stdout', text('@echo hunter22', ''));
    await rig.journal.close();
    const records = await Array.fromAsync(readJournal(rig.journal.path));
    assert.deepEqual(told(records), ['stdout [2026-11-21T22:30:12.123Z] echo ********\n']);
  });

  it('of a run that has one already is not made again', async () => {
    await using rig = await openJournal();
    const again = createJournal({
      stateDir: join(dirname(rig.journal.path), '../..'),
      run: 'r1',
      masker: createMasker([]),
      now: () => 0,
      onFailure: () => undefined,
    });
    assert.ok(!again.ok);
    assert.match(again.failure.detail, /^Cannot write to .*\/r1\/journal: /);
  });

  it('cannot be made where a file is in the way', async () => {
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, 'runs'));
    await writeFile(join(folder.path, 'runs/r1'), '');
    const created = createJournal({
      stateDir: folder.path,
      run: 'r1',
      masker: createMasker([]),
      now: () => 0,
      onFailure: () => undefined,
    });
    assert.ok(!created.ok);
    assert.match(created.failure.detail, /a file is in the way.*--state-dir/);
  });
});

describe('the last lines of a task', () => {
  it('are ten, of both streams, with the one that has not ended', async () => {
    await using rig = await openJournal({ secrets: ['hunter22'] });
    const output = rig.journal.output('x');
    for (let index = 0; index < 20; index++) output.write('stdout', text(`line ${index}`, ''));
    output.write('stderr', text('with hunter22', ''));
    output.write('stdout', text('prompt: '));
    assert.deepEqual(output.lastLines(), [
      ...Array.from({ length: 8 }, (_, index) => `line ${index + 12}`),
      'with ********',
      'prompt: ',
    ]);
  });

  it('show no beginning of a secret that may still come', async () => {
    await using rig = await openJournal({ secrets: ['hunter22'] });
    const output = rig.journal.output('x');
    output.write('stdout', text('a hunter2'));
    assert.deepEqual(output.lastLines(), ['a ']);
    output.end();
    assert.deepEqual(output.lastLines(), ['a hunter2']);
  });

  it('are whole lines, cut at 500 characters', async () => {
    await using rig = await openJournal();
    const output = rig.journal.output('x');
    for (let index = 0; index < 40; index++)
      output.write('stdout', text(`${index} ${'é'.repeat(600)}`, ''));
    const lines = output.lastLines();
    assert.ok(lines.length >= 5);
    for (const [index, line] of lines.entries())
      assert.equal(line, `${40 - lines.length + index} ${'é'.repeat(600)}`.slice(0, 500));
  });

  it('keep apart what two streams left without an end', async () => {
    await using rig = await openJournal();
    const output = rig.journal.output('x');
    output.write('stdout', text('one'));
    output.write('stderr', text('two'));
    output.end();
    assert.deepEqual(output.lastLines(), ['one', 'two']);
  });

  it('are none of a task that said nothing', async () => {
    await using rig = await openJournal();
    assert.deepEqual(rig.journal.output('x').lastLines(), []);
  });
});
