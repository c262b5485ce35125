import type { Stretch } from './stretch.ts';

/** The ways to look at a chart closer. */
export interface ChartLook {
  /** Nearer, or farther below 1; `place`: what stays where it is, 0 at the left end, 1 at the right one. */
  readonly zoom: (factor: number, place?: number) => void;
  /** To the side, by a part of what is seen. */
  readonly move: (part: number) => void;
  /** A part of it. */
  readonly see: (part: Stretch) => void;
  /** All of it, however long it becomes. */
  readonly all: () => void;
}

const keys: Readonly<Record<string, ((look: ChartLook) => void) | undefined>> = {
  '+': (look) => look.zoom(1.5),
  '=': (look) => look.zoom(1.5),
  '-': (look) => look.zoom(1 / 1.5),
  ArrowLeft: (look) => look.move(-0.2),
  ArrowRight: (look) => look.move(0.2),
  Home: (look) => look.all(),
};

/** Does what a key means; `false`: it means nothing here. */
export function takeKey(key: string, look: ChartLook): boolean {
  keys[key]?.(look);
  return keys[key] !== undefined;
}
