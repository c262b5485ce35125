import type { ChartLook } from './look.ts';

export interface ZoomBarProps {
  readonly look: ChartLook;
  readonly isAll: boolean;
}

/** Buttons to look at a chart closer. */
export function ZoomBar({ look, isAll }: ZoomBarProps) {
  return (
    <div role="group" aria-label="Zoom">
      <button type="button" title="Nearer (+)" onClick={() => look.zoom(1.5)}>
        <span aria-hidden="true">+</span> <span className="unseen">Nearer</span>
      </button>
      <button type="button" title="Farther (−)" disabled={isAll} onClick={() => look.zoom(1 / 1.5)}>
        <span aria-hidden="true">−</span> <span className="unseen">Farther</span>
      </button>
      <button type="button" title="Earlier (←)" disabled={isAll} onClick={() => look.move(-0.2)}>
        <span aria-hidden="true">←</span> <span className="unseen">Earlier</span>
      </button>
      <button type="button" title="Later (→)" disabled={isAll} onClick={() => look.move(0.2)}>
        <span aria-hidden="true">→</span> <span className="unseen">Later</span>
      </button>
      <button type="button" title="All of it (Home)" disabled={isAll} onClick={look.all}>
        All
      </button>
    </div>
  );
}
