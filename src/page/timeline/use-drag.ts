import { useEffect } from 'react';

import type { RefObject } from 'react';
import type { ChartLook } from './look.ts';

/** A hand that is not quite still is no drag. */
const leastPx = 4;

/**
 * Lets a chart be moved by dragging it, and zoomed by the wheel with Ctrl, at the place of the pointer. Dragging up and
 * down, by touch, still scrolls.
 */
export function useDrag(ref: RefObject<HTMLElement | null>, look: ChartLook): void {
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const life = new AbortController();
    const { signal } = life;
    const trackOf = ({ target }: Event): HTMLElement | null =>
      target instanceof Element ? target.closest<HTMLElement>('.timeline-track') : null;
    element.addEventListener(
      'wheel',
      (event) => {
        if (!event.ctrlKey) return;
        // Else the browser would make everything larger.
        event.preventDefault();
        const box = trackOf(event)?.getBoundingClientRect();
        const place = box ? (event.clientX - box.left) / box.width : 0.5;
        look.zoom(Math.exp(-event.deltaY / 300), place);
      },
      { signal, passive: false },
    );
    let held: { x: number; width: number } | undefined;
    let wasMoved = false;
    element.addEventListener(
      'pointerdown',
      (event) => {
        const track = trackOf(event);
        wasMoved = false;
        if (track && event.button === 0) held = { x: event.clientX, width: track.clientWidth };
      },
      { signal },
    );
    addEventListener(
      'pointermove',
      ({ clientX }) => {
        if (!held || (!wasMoved && Math.abs(clientX - held.x) < leastPx)) return;
        look.move((held.x - clientX) / held.width);
        held = { ...held, x: clientX };
        wasMoved = true;
      },
      { signal },
    );
    for (const end of ['pointerup', 'pointercancel'] as const)
      addEventListener(end, () => (held = undefined), { signal });
    // The click that ends a drag selects nothing. One of a key has no pointer before it.
    element.addEventListener(
      'click',
      (event) => {
        if (wasMoved && event.detail > 0) event.stopPropagation();
      },
      { signal, capture: true },
    );
    return () => life.abort();
  }, [ref, look]);
}
