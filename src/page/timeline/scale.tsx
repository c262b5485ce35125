import { useRef } from 'react';

import { placeOf, ticks } from './stretch.ts';
import { useSize } from '../look/use-size.ts';

import type { Stretch } from './stretch.ts';

/** A label needs this much room. */
const labelPx = 90;

/** What the bars below are measured by. */
export function Scale({ seen }: { readonly seen: Stretch }) {
  const track = useRef<HTMLDivElement>(null);
  const { width } = useSize(track);
  return (
    <div className="timeline-row timeline-scale" aria-hidden="true">
      <span className="timeline-name">after the start</span>
      <div className="timeline-track" ref={track}>
        {ticks(seen, Math.floor(width / labelPx)).map(({ at, label }) => (
          <span key={at} className="timeline-tick" style={{ left: percent(placeOf(at, seen)) }}>
            {label}
          </span>
        ))}
      </div>
    </div>
  );
}

export const percent = (part: number): string => `${(part * 100).toFixed(4)}%`;
