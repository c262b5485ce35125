import { exitCode } from './exit-code.ts';

/** One file of a chain, and what it is there for. */
export interface Link {
  readonly role: 'setup' | 'pipeline' | 'teardown';
  readonly file: string;
}

/** What became of a file of a chain. */
export interface LinkEnd {
  readonly link: Link;
  readonly outcome: LinkOutcome;
}

export type LinkOutcome =
  | 'succeeded'
  | 'failed'
  | 'invalid'
  | 'unavailable'
  | 'cancelled'
  /** Something before it did not succeed. */
  | 'skipped';

/** The files of a chain in the order of their turns. */
export const chainOf = (
  files: readonly string[],
  { setup, teardown }: { readonly setup?: string; readonly teardown?: string },
): readonly Link[] => [
  ...(setup === undefined ? [] : [{ role: 'setup' as const, file: setup }]),
  ...files.map((file) => ({ role: 'pipeline' as const, file })),
  ...(teardown === undefined ? [] : [{ role: 'teardown' as const, file: teardown }]),
];

/** What an exit code says of the file that it came of. */
export function outcomeOf(code: number): LinkOutcome {
  if (code === exitCode.ok) return 'succeeded';
  if (code === exitCode.invalid) return 'invalid';
  if (code === exitCode.unavailable) return 'unavailable';
  return code > 128 ? 'cancelled' : 'failed';
}
