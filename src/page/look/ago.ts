const units = [
  ['second', 1_000],
  ['minute', 60_000],
  ['hour', 3_600_000],
  ['day', 86_400_000],
  ['week', 604_800_000],
] as const;

/** How long ago a moment was, in words: `just now`, `3 minutes ago`, `yesterday`. */
export function ago(at: number, now: number): string {
  const passed = Math.max(0, now - at);
  if (passed < 10_000) return 'just now';
  const [unit, ms] = units.findLast(([, least]) => passed >= least) ?? units[0];
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(
    -Math.floor(passed / ms),
    unit,
  );
}

/** A moment as a person here writes it, to the second. */
export const exactly = (at: number): string =>
  new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
