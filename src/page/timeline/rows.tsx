import { useEffect, useRef, useState } from 'react';

import { useSize } from '../look/use-size.ts';
import { ChartRow } from './chart-row.tsx';
import { takeKey } from './look.ts';
import { useDrag } from './use-drag.ts';

import type { KeyboardEvent } from 'react';
import type { Row } from './chart.ts';
import type { ChartLook } from './look.ts';
import type { Stretch } from './stretch.ts';

/** As in the style sheet. */
const rowPx = 28;
/** So many lines above and below those that are seen are there, too. */
const around = 10;

export interface RowsProps {
  readonly rows: readonly Row[];
  readonly seen: Stretch;
  readonly look: ChartLook;
  /** The row that a person is at. */
  readonly at: string | undefined;
  readonly onAt: (key: string) => void;
  readonly onOpen: (row: Row) => void;
}

/** The lines of a chart, those that are seen. One of them can be come to by Tab, the others from there. */
export function Rows({ rows, seen, look, at, onAt, onOpen }: RowsProps) {
  const list = useRef<HTMLDivElement>(null);
  const { height } = useSize(list);
  const [scrollTop, setScrollTop] = useState(0);
  useDrag(list, look);
  const current = Math.max(
    0,
    rows.findIndex(({ key }) => key === at),
  );
  const first = Math.max(0, Math.floor(scrollTop / rowPx) - around);
  const last = Math.min(rows.length, Math.ceil((scrollTop + height) / rowPx) + around);
  const shown = rows.slice(first, last).map((row, index) => ({ row, index: first + index }));
  // Whoever goes through the lines by keys must not lose their place.
  const isOut = current < first || current >= last;
  if (isOut && rows[current]) shown.push({ row: rows[current], index: current });
  const goTo = useFocus(list, rows);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = { ArrowUp: current - 1, ArrowDown: current + 1 }[event.key];
    const row = to === undefined ? undefined : rows[to];
    if (row) {
      onAt(row.key);
      goTo(row.key);
    }
    if (to !== undefined || takeKey(event.key, look)) event.preventDefault();
  };
  return (
    <div
      ref={list}
      className="timeline-rows"
      onKeyDown={onKeyDown}
      onScroll={({ currentTarget }) => setScrollTop(currentTarget.scrollTop)}
    >
      <ul aria-label="Steps and services" style={{ height: rows.length * rowPx }}>
        {shown.map(({ row, index }) => (
          <ChartRow
            key={row.key}
            {...{ row, seen, onAt, onOpen, index, count: rows.length }}
            top={index * rowPx}
            isCurrent={index === current}
          />
        ))}
      </ul>
    </div>
  );
}

/** Moves the focus to a row, once that is there. */
function useFocus(
  list: React.RefObject<HTMLDivElement | null>,
  rows: readonly Row[],
): (key: string) => void {
  const [wanted, setWanted] = useState<{ key: string }>();
  useEffect(() => {
    if (!wanted) return;
    const index = rows.findIndex(({ key }) => key === wanted.key);
    list.current?.querySelector<HTMLElement>(`[data-row="${index}"] button`)?.focus();
    setWanted(undefined);
  }, [wanted, list, rows]);
  return (key) => setWanted({ key });
}
