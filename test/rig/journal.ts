import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createJournal } from '../../src/journal/journal-writer.ts';
import { createMasker } from '../../src/journal/masker.ts';

import type { JournalRecord, RunEvent } from '../../src/event/event.ts';
import type { JournalSpec, JournalWriter } from '../../src/journal/journal-writer.ts';

/** An event that begins a run. */
export const started = (run: string, pid = 1): RunEvent => ({
  type: 'run.started',
  run,
  pid,
  version: '0',
  workspace: '/w',
  plan: { name: 'quickstart', stages: [] },
});

/** The event that ends one. */
export const ended: RunEvent = { type: 'run.ended', outcome: 'succeeded' };

/** An empty folder that goes with the block it is used in. */
export async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'journal-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** A journal in a folder of its own. */
export async function openJournal(
  wish: Partial<JournalSpec> & { readonly secrets?: readonly string[] } = {},
): Promise<{ journal: JournalWriter } & AsyncDisposable> {
  const folder = await temporaryFolder();
  const created = createJournal({
    stateDir: folder.path,
    run: 'r1',
    masker: createMasker(wish.secrets ?? []),
    now: () => 1_000,
    onFailure: (detail) => {
      throw new Error(detail);
    },
    ...wish,
  });
  if (!created.ok) throw new Error(created.failure.detail);
  const journal = created.value;
  return {
    journal,
    async [Symbol.asyncDispose]() {
      await journal.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Each record in a few words. */
export const told = (records: readonly JournalRecord[]): string[] =>
  records.map((record) =>
    record.type === 'output' ? `${record.stream} ${record.bytes.toString()}` : record.type,
  );
