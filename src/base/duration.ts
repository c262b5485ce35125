const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

/**
 * Milliseconds of a duration as people write it: `500ms`, `10s`, `2m`, `1h`, `1.5s`, or a number of
 * seconds. `undefined` for anything else, negative numbers and endless ones included.
 */
export function parseDuration(text: string | number): number | undefined {
  if (typeof text === 'number') return text >= 0 ? finite(text * unitMs.s) : undefined;
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)?$/.exec(text.trim());
  if (!match?.[1]) return undefined;
  return finite(Number(match[1]) * unitMs[(match[2] ?? 's') as keyof typeof unitMs]);
}

const finite = (ms: number): number | undefined => (Number.isFinite(ms) ? ms : undefined);

/** A duration for people, two units at most: `12 ms`, `3.4 s`, `2 m 05 s`, `1 h 20 m`. */
export function formatDuration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} m ${pad(seconds % 60)} s`;
  return `${Math.floor(seconds / 3_600)} h ${pad(Math.floor(seconds / 60) % 60)} m`;
}

const pad = (part: number): string => String(part).padStart(2, '0');
