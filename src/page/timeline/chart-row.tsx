import { memo } from 'react';

import { formatDuration } from '../../base/duration.ts';
import { describeRow } from './row-words.ts';
import { percent } from './scale.tsx';
import { placeOf } from './stretch.ts';

import type { Bar } from './bars.ts';
import type { Row } from './chart.ts';
import type { Stretch } from './stretch.ts';

export interface ChartRowProps {
  readonly row: Row;
  readonly seen: Stretch;
  readonly top: number;
  readonly index: number;
  readonly count: number;
  /** Tab comes here. */
  readonly isCurrent: boolean;
  readonly onAt: (key: string) => void;
  readonly onOpen: (row: Row) => void;
}

/** A line of a chart. All that its bars show is in the words of its button, too. */
export const ChartRow = memo(function ChartRow(props: ChartRowProps) {
  const { row, seen, top, index, count, isCurrent, onAt, onOpen } = props;
  const { key, kind, name, depth, words, bars, breaks } = row;
  const isIn = (from: number, to: number): boolean => to >= seen.from && from <= seen.to;
  return (
    <li
      className={`timeline-row timeline-${kind}${isCurrent ? ' current' : ''}`}
      style={{ top }}
      data-row={index}
      aria-posinset={index + 1}
      aria-setsize={count}
      onPointerEnter={() => onAt(key)}
    >
      <button
        type="button"
        className="timeline-name"
        style={{ paddingInlineStart: `${0.4 + depth}rem` }}
        tabIndex={isCurrent ? 0 : -1}
        aria-label={describeRow(row)}
        onFocus={() => onAt(key)}
        onClick={() => onOpen(row)}
      >
        <span className="timeline-called">{name}</span> <span className="quiet">{words}</span>
      </button>
      <div className="timeline-track" aria-hidden="true" onClick={() => onOpen(row)}>
        {bars.map((bar) =>
          isIn(bar.from, bar.to) ? <BarBox key={bar.from} {...{ bar, seen }} /> : null,
        )}
        {breaks.map((at) =>
          isIn(at, at) ? (
            <span
              key={at}
              className="timeline-break"
              title={`broke at ${formatDuration(at)}`}
              style={{ left: percent(placeOf(at, seen)) }}
            >
              ✗
            </span>
          ) : null,
        )}
      </div>
    </li>
  );
});

/** Wide enough for a word of it. */
const wordPart = 0.09;

function BarBox({ bar, seen }: { readonly bar: Bar; readonly seen: Stretch }) {
  const { phase, from, to, goesOn } = bar;
  const left = Math.max(0, placeOf(from, seen));
  const right = Math.min(1, placeOf(to, seen));
  // Where it goes beyond what is seen it has no end.
  const isOpen = [from < seen.from && 'from-before', (goesOn || to > seen.to) && 'goes-on'];
  const length = formatDuration(to - from);
  return (
    <span
      className={['timeline-bar', phase, ...isOpen].filter(Boolean).join(' ')}
      style={{ left: percent(left), width: percent(right - left) }}
      title={`${phase} for ${length}`}
    >
      {right - left > wordPart && <span className="timeline-word">{`${phase} ${length}`}</span>}
    </span>
  );
}
