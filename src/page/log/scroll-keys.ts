import { clampTop, lastTop } from './scroll.ts';

import type { Room } from './scroll.ts';

export interface Pressed {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** Where a key leads from a place in a log. `undefined`: it is no key for that. */
export function topByKey(pressed: Pressed, top: number, room: Room): number | undefined {
  const { key, shiftKey, ctrlKey, metaKey, altKey } = pressed;
  if (ctrlKey || metaKey || altKey) return undefined;
  const { linePx, seenPx } = room;
  const page = Math.max(linePx, seenPx - linePx);
  switch (key) {
    case 'ArrowUp':
      return clampTop(top - linePx, room);
    case 'ArrowDown':
      return clampTop(top + linePx, room);
    case 'PageUp':
      return clampTop(top - page, room);
    case 'PageDown':
      return clampTop(top + page, room);
    case ' ':
      return clampTop(top + (shiftKey ? -page : page), room);
    case 'Home':
      return 0;
    case 'End':
      return lastTop(room);
    default:
      return undefined;
  }
}
