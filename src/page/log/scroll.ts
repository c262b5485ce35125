/** Browsers make nothing higher than some ten million pixels; each has its own limit. */
const maxHeightPx = 8_000_000;

/** What is scrolled through, and how much of it is seen. */
export interface Room {
  readonly lines: number;
  readonly linePx: number;
  /** The height of what is seen. */
  readonly seenPx: number;
}

/** How high all lines are together. */
const wholePx = ({ lines, linePx }: Room): number => lines * linePx;

/** How high the thing is that is really scrolled. */
export const heightPx = (room: Room): number => Math.min(maxHeightPx, wholePx(room));

/** There are more lines than can be scrolled through: a pixel of the scrollbar stands for several. */
export const isScaled = (room: Room): boolean => wholePx(room) > maxHeightPx;

const mostPx = (height: number, { seenPx }: Room): number => Math.max(0, height - seenPx);

/** The largest `top`: the last line is at the lower edge. */
export const lastTop = (room: Room): number => mostPx(wholePx(room), room);

/** A place that there is. */
export const clampTop = (top: number, room: Room): number =>
  Math.max(0, Math.min(top, lastTop(room)));

/** How far down in all lines one is, in pixels, with the scrollbar there. */
export function topOf(scrollTop: number, room: Room): number {
  const most = mostPx(heightPx(room), room);
  if (!isScaled(room)) return clampTop(scrollTop, room);
  return clampTop((scrollTop / most) * lastTop(room), room);
}

/** Where the scrollbar belongs for that. */
export function scrollTopOf(top: number, room: Room): number {
  const clamped = clampTop(top, room);
  if (!isScaled(room)) return clamped;
  return (clamped / lastTop(room)) * mostPx(heightPx(room), room);
}

/** Lines by their numbers, from 1, the last one included. */
export interface Lines {
  readonly first: number;
  readonly last: number;
}

/** The lines that are seen, and some around them; none: `last` is before `first`. */
export function linesAt(top: number, room: Room, around = 0): Lines {
  const { lines, linePx, seenPx } = room;
  const first = Math.floor(clampTop(top, room) / linePx) + 1;
  const last = Math.ceil((clampTop(top, room) + seenPx) / linePx);
  return { first: Math.max(1, first - around), last: Math.min(lines, last + around) };
}

/** Where a line is drawn in what is really scrolled, while the scrollbar is there. */
export const offsetOf = (line: number, top: number, scrollTop: number, { linePx }: Room): number =>
  scrollTop - top + (line - 1) * linePx;

/** Where one has to be to have a line in the middle. */
export const topForLine = (line: number, room: Room): number =>
  clampTop((line - 0.5) * room.linePx - room.seenPx / 2, room);

/** Whether a line is seen as a whole. */
export function isSeen(line: number, top: number, { linePx, seenPx }: Room): boolean {
  return (line - 1) * linePx >= top && line * linePx <= top + seenPx;
}
