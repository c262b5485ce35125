import { roundly } from '../../report/describe.ts';

/** A part of the time of a run, in milliseconds since it began. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Nothing shorter is looked at. */
const shortestMs = 10;

/** Nearer by a factor above 1, farther by one below; what is seen at a time stays where it is seen. */
export function zoomed(seen: Stretch, factor: number, at: number, lengthMs: number): Stretch {
  const length = seen.to - seen.from;
  const wanted = Math.min(lengthMs, Math.max(Math.min(shortestMs, length), length / factor));
  return within(at - ((at - seen.from) / length) * wanted, wanted, lengthMs);
}

/** A part of a run, with a little on both sides. */
export function around({ from, to }: Stretch, lengthMs: number): Stretch {
  const margin = Math.max(shortestMs, (to - from) / 20);
  return { from: Math.max(0, from - margin), to: Math.min(lengthMs, to + margin) };
}

/** The same length, so much later, or earlier if that is negative. */
export const moved = ({ from, to }: Stretch, byMs: number, lengthMs: number): Stretch =>
  within(from + byMs, to - from, lengthMs);

function within(from: number, length: number, lengthMs: number): Stretch {
  const begin = Math.max(0, Math.min(from, lengthMs - length));
  return { from: begin, to: Math.min(lengthMs, begin + length) };
}

/** Where a moment is seen: 0 at the left end, 1 at the right one. */
export const placeOf = (at: number, { from, to }: Stretch): number => (at - from) / (to - from);

/** A line across the chart. */
export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** Round moments within a stretch, as many as there is room for at most. */
export function ticks({ from, to }: Stretch, most: number): Tick[] {
  const stepMs = roundStep((to - from) / Math.max(1, most));
  const first = Math.ceil(from / stepMs);
  const last = Math.floor(to / stepMs);
  const moments = Array.from(
    { length: Math.max(0, last - first + 1) },
    (_, index) => (first + index) * stepMs,
  );
  // A division may have come out a hair too small.
  const seen = moments.filter((at) => at >= from && at <= to);
  return seen.map((at) => ({ at, label: labelOf(at, stepMs) }));
}

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const roundSteps = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
];

const roundStep = (leastMs: number): number =>
  roundSteps.find((step) => step >= leastMs) ?? Math.ceil(leastMs / (24 * hour)) * 24 * hour;

function labelOf(at: number, stepMs: number): string {
  if (at === 0) return '0';
  if (stepMs >= second) {
    // After an hour, people leave seconds out; here they may be all that differs.
    const isToTheSecond = at >= hour && stepMs < minute;
    const seconds = String((at / second) % 60).padStart(2, '0');
    return isToTheSecond ? `${roundly(at)} ${seconds} s` : roundly(at);
  }
  const digits = stepMs >= 100 ? 1 : stepMs >= 10 ? 2 : 3;
  return `${(at / second).toFixed(digits)} s`;
}
