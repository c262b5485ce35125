/** A duration as CIX files have it: `90s` is `90s`, and `120s` is `2m`. */
export const cixDuration = (ms: number): string =>
  ms % 1_000 === 0 ? inUnits(ms, { h: 3_600_000, m: 60_000 }) : `${ms}ms`;

/** The same as Harness has it, which counts no milliseconds: half a second is `0.5s`. */
export const harnessDuration = (ms: number): string =>
  inUnits(ms, { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000 });

function inUnits(ms: number, units: Readonly<Record<string, number>>): string {
  const unit = Object.entries(units).find(([, length]) => ms > 0 && ms % length === 0);
  return unit ? `${ms / unit[1]}${unit[0]}` : `${ms / 1_000}s`;
}
