import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

import { clampTop, isScaled, lastTop, scrollTopOf, topOf } from './scroll.ts';

import type { RefObject } from 'react';
import type { Room } from './scroll.ts';

/** Where one is in a log that may be higher than a browser can scroll. */
export interface Scrolled {
  /** How far down in all lines, in pixels. */
  readonly top: number;
  /** How far down in what is really scrolled. */
  readonly scrollTop: number;
  readonly isAtEnd: boolean;
  readonly moveTo: (top: number) => void;
  readonly onScroll: () => void;
}

/**
 * Keeps the place in a log. Where a pixel of the scrollbar stands for many, the wheel and fingers move by their own
 * pixels nevertheless, and the scrollbar follows. `onMove` hears what the person does, and whether it led to the end.
 */
export function useScroll(
  ref: RefObject<HTMLElement | null>,
  room: Room,
  onMove: (isAtEnd: boolean) => void,
): Scrolled {
  const [place, setPlace] = useState({ top: 0, scrollTop: 0 });
  const isTouched = useRef(false);
  // What listens to the wheel must not be made anew with every line that is printed.
  const latest = useRef({ top: place.top, scrollTop: place.scrollTop, room, onMove });
  latest.current = { ...latest.current, room, onMove };
  const moveTo = useCallback(
    (wanted: number): void => {
      const { room: now } = latest.current;
      const top = clampTop(wanted, now);
      const element = ref.current;
      if (element) element.scrollTop = scrollTopOf(top, now);
      // As the browser has rounded it.
      const scrollTop = element?.scrollTop ?? 0;
      latest.current = { ...latest.current, top, scrollTop };
      setPlace((last) =>
        last.top === top && last.scrollTop === scrollTop ? last : { top, scrollTop },
      );
    },
    [ref],
  );
  const moveBy = useCallback(
    (byPx: number): void => {
      const { top, room: now, onMove: tell } = latest.current;
      moveTo(top + byPx);
      tell(isEnd(latest.current.top, now));
    },
    [moveTo],
  );
  const onScroll = useCallback((): void => {
    const { scrollTop: last, room: now, onMove: tell } = latest.current;
    const scrollTop = ref.current?.scrollTop ?? 0;
    const byPx = scrollTop - last;
    // It is where it was put, or it was moved to the side.
    if (Math.abs(byPx) < 1) return;
    if (isScaled(now) && isTouched.current) {
      moveBy(byPx);
      return;
    }
    const top = topOf(scrollTop, now);
    latest.current = { ...latest.current, top, scrollTop };
    setPlace({ top, scrollTop });
    tell(isEnd(top, now));
  }, [ref, moveBy]);
  // With more lines, the same place is elsewhere on the scrollbar.
  useLayoutEffect(() => moveTo(latest.current.top), [moveTo, room.lines, room.linePx, room.seenPx]);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const life = new AbortController();
    const { signal } = life;
    const wheel = (event: WheelEvent): void => {
      const { room: now } = latest.current;
      if (event.ctrlKey || event.deltaY === 0 || !isScaled(now)) return;
      event.preventDefault();
      moveBy(event.deltaY * ([1, now.linePx, now.seenPx][event.deltaMode] ?? 1));
    };
    element.addEventListener('wheel', wheel, { signal, passive: false });
    element.addEventListener('touchstart', () => (isTouched.current = true), {
      ...{ signal, passive: true },
    });
    // What a finger has thrown flies on; with a mouse there are no touches at all.
    element.addEventListener('pointerdown', ({ pointerType }) => {
      if (pointerType === 'mouse') isTouched.current = false;
    });
    return () => life.abort();
  }, [ref, moveBy]);
  const isAtEnd = isEnd(place.top, room);
  return { ...place, isAtEnd, moveTo, onScroll };
}

const isEnd = (top: number, room: Room): boolean => top >= lastTop(room) - 1;
