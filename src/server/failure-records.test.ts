import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { openJournal } from '../../test/rig/journal.ts';
import { plan, service, step } from '../../test/rig/plans.ts';
import { foldEvent } from '../event/fold-event.ts';
import { openView } from '../event/view.ts';
import { JournalIndex } from '../journal/journal-index.ts';
import { readJournal } from '../journal/journal-reader.ts';
import { gatherFailure } from '../report/failure.ts';
import { findFailure, recordsIn } from './failure-records.ts';

import type { Cause } from '../event/outcome.ts';
import type { RunView } from '../event/view.ts';
import type { JournalWriter } from '../journal/journal-writer.ts';

const exited = { kind: 'exited', exit: { kind: 'code', code: 3 } } as const;
const died = { kind: 'died', exit: { kind: 'code', code: 3 }, afterMs: 5 } as const;
const lastLines: string[] = [];

const nodes = [service('db'), service('web'), service('idle'), step('a'), step('b')];

interface Talk {
  /** How much everybody says while nothing of the failure is said. */
  readonly noise: number;
  /** How many lines those say that belong to it. */
  readonly said: number;
  readonly cause: Cause;
}

/** A run of which the journal is as long as it is noisy, and the failure is somewhere in it. */
async function failedRun({ noise, said, cause }: Talk) {
  const rig = await openJournal();
  const { journal } = rig;
  const owner = { run: 'r1', pid: 1, version: '0', workspace: '/w' };
  journal.event({ type: 'run.started', ...owner, plan: plan(...nodes) });
  for (const id of ['db', 'web', 'idle'])
    journal.event({ type: 'service.starting', service: id, start: 1 });
  say(journal, 'idle', 'up\n');
  journal.event({ type: 'step.started', step: 'a', attempt: 1 });
  for (let nth = 0; nth < noise; nth++) {
    say(journal, nth % 3 === 0 ? 'a' : 'db', `${nth} ${'x'.repeat(nth % 1_500)}\n`);
    if (nth % 500 === 0) journal.event({ type: 'warning', text: String(nth) });
  }
  journal.event({ type: 'step.ended', step: 'a', outcome: 'succeeded' });
  journal.event({ type: 'step.started', step: 'b', attempt: 1 });
  say(journal, 'idle', 'still here\n');
  for (let nth = 0; nth < noise; nth++) say(journal, 'db', `${nth} ${'y'.repeat(nth % 900)}\n`);
  for (let nth = 0; nth < said; nth++) {
    say(journal, 'b', `b ${nth}\n`);
    say(journal, 'web', `web ${nth}\nmore of it ${nth}`, nth % 2 === 0 ? 'stderr' : 'stdout');
  }
  if (cause.kind === 'service')
    journal.event({ type: 'service.ended', service: 'db', end: died, verdict: 'fail' });
  const isCause = cause.kind === 'step';
  const end = {
    ...(isCause && { end: exited }),
    outcome: isCause ? 'failed' : 'cancelled',
  } as const;
  journal.event({ type: 'step.ended', step: 'b', ...end });
  for (let nth = 0; nth < noise; nth++) say(journal, 'web', `${nth} ${'z'.repeat(nth % 900)}\n`);
  journal.event({ type: 'run.ended', outcome: 'failed', cause });
  await journal.close();
  const { path } = journal;
  const index = new JournalIndex(path);
  await index.update();
  return Object.assign(rig, { path, index, view: await viewOf(path) });
}

function say(
  journal: JournalWriter,
  task: string,
  text: string,
  stream: 'stdout' | 'stderr' = 'stdout',
) {
  const sink = journal.output(task);
  sink.write(stream, Buffer.from(text));
  sink.end();
}

async function viewOf(path: string): Promise<RunView> {
  let view: RunView | undefined;
  for await (const record of readJournal(path)) {
    if (record.type === 'run.started') view = openView(record);
    else if (record.type !== 'output') foldEvent(view!, record);
  }
  return view!;
}

const causes: readonly Cause[] = [
  { kind: 'step', step: 'b', end: exited },
  { kind: 'service', service: 'db', end: died, lastLines },
  { kind: 'environment', detail: 'the disk is full' },
];

describe('what is read of a journal for a failure', () => {
  for (const cause of causes)
    it(`is enough for one by a ${cause.kind}, wherever it is in there`, async () => {
      for (const noise of [0, 1_500])
        for (const said of [0, 3, 15, 16, 2_000]) {
          await using run = await failedRun({ noise, said, cause });
          const { path, index, view } = run;
          const { spans, shortened } = await findFailure(index, view);
          const color = false;
          const found = await gatherFailure(recordsIn(path, spans), view, { color, shortened });
          assert.deepEqual(found, await gatherFailure(readJournal(path), view, { color }));
          if (cause.kind === 'step') assert.ok(found.steps.length > 0);
        }
    });

  it('is the same little, however long the journal is', async () => {
    const read: number[] = [];
    for (const noise of [6_000, 18_000]) {
      await using run = await failedRun({ noise, said: 100, cause: causes[0]! });
      const { spans } = await findFailure(run.index, run.view);
      read.push(spans.reduce((sum, [from, to]) => sum + to - from, 0));
      assert.ok(run.index.blocks.end > 1_000 * noise, String(run.index.blocks.end));
    }
    const most = 6 * 256 * 1_024;
    assert.ok(
      read.every((bytes) => bytes < most),
      `${read.join(' and ')} bytes`,
    );
  });

  it('says that there is more where lines have no end', async () => {
    await using rig = await openJournal();
    const { journal } = rig;
    const owner = { run: 'r1', pid: 1, version: '0', workspace: '/w' };
    journal.event({ type: 'run.started', ...owner, plan: plan(step('b')) });
    journal.event({ type: 'step.started', step: 'b', attempt: 1 });
    for (let nth = 0; nth < 200; nth++) say(journal, 'b', 'x'.repeat(30_000));
    journal.event({ type: 'step.ended', step: 'b', outcome: 'failed', end: exited });
    journal.event({ type: 'run.ended', outcome: 'failed', cause: causes[0]! });
    await journal.close();
    const index = new JournalIndex(journal.path);
    const view = await viewOf(journal.path);
    const { spans, shortened } = await findFailure(index, view);
    assert.deepEqual([...shortened], ['b']);
    assert.ok(spans.reduce((sum, [from, to]) => sum + to - from, 0) < 2_000_000);
  });
});
