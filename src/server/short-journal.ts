import { createJournal } from '../journal/journal-writer.ts';
import { createMasker } from '../journal/masker.ts';

import type { RunOutcome } from '../event/outcome.ts';
import type { Owner } from '../journal/owner.ts';

/** A run that ended before anything of it was read. */
export interface UnbegunRun {
  readonly stateDir: string;
  readonly run: string;
  readonly name: string;
  readonly workspace: string;
  readonly secrets: readonly string[];
  /** The process that says so. */
  readonly owner: Owner;
  readonly version: string;
}

/** Why it never began: somebody asked for its end, or something was wrong. */
export type WhyUnbegun =
  | { readonly kind: 'cancelled'; readonly by: string }
  | { readonly kind: 'failed'; readonly detail: string };

/**
 * Writes the journal of a run that never begins: what became of it, and why. `false`: it has one already. Throws
 * what the disk says.
 */
export async function writeShortJournal(
  { stateDir, run, name, workspace, secrets, owner, version }: UnbegunRun,
  why: WhyUnbegun,
): Promise<boolean> {
  const created = createJournal({
    ...{ stateDir, run, masker: createMasker(secrets) },
    now: () => Date.now(),
    onFailure: () => undefined,
  });
  if (!created.ok) {
    if (created.failure.code === 'EEXIST') return false;
    throw new Error(created.failure.detail);
  }
  await using journal = created.value;
  const plan = { name, stages: [] };
  journal.event({ type: 'run.started', run, ...owner, version, workspace, plan });
  const outcome: RunOutcome = why.kind;
  if (why.kind === 'cancelled') {
    journal.event({ type: 'run.cancelling', by: why.by, forced: false });
    journal.event({ type: 'run.ended', outcome });
    return true;
  }
  const cause = { kind: 'environment', detail: why.detail } as const;
  journal.event({ type: 'run.ended', outcome, cause });
  return true;
}
