import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

import './log.css';

import { useSize } from '../look/use-size.ts';
import { hrefOf } from '../route.ts';
import { LogBar } from './log-bar.tsx';
import { LogRows } from './log-rows.tsx';
import { topByKey } from './scroll-keys.ts';
import { heightPx, isSeen, lastTop, linesAt, offsetOf, topForLine } from './scroll.ts';
import { SearchBar } from './search-bar.tsx';
import { useLog } from './use-log.ts';
import { useScroll } from './use-scroll.ts';
import { useSearch } from './use-search.ts';

import type { KeyboardEvent, MouseEvent } from 'react';
import type { LineRange } from './line-range.ts';
import type { LogViewProps } from './log-view.tsx';

/** As in the style sheet: fingers need more room. */
const lineHeight = (): number => (matchMedia('(pointer: coarse)').matches ? 24 : 20);
/** So many lines above and below those that are seen are there, too. */
const around = 20;

/** One log: what stands above its lines, and those of them that are seen. */
export function Log({ runId, task, line }: LogViewProps) {
  const box = useRef<HTMLDivElement>(null);
  const [linePx] = useState(lineHeight);
  const field = useRef<HTMLInputElement>(null);
  const { height: seenPx } = useSize(box);
  const { kept, isKnown, trouble, want } = useLog({ runId, task }, line);
  const [showsTime, setShowsTime] = useState(false);
  const [follows, setFollows] = useState(false);
  /** What is marked besides the line that is linked to. */
  const [range, setRange] = useState<LineRange>();
  const room = { lines: kept.total, linePx, seenPx };
  const { top, scrollTop, isAtEnd, moveTo, onScroll } = useScroll(box, room, setFollows);
  const { first, last } = linesAt(top, room, around);
  const showLine = useCallback(
    (n: number): void => {
      const now = { lines: kept.total, linePx, seenPx };
      setFollows(false);
      if (!isSeen(n, top, now)) moveTo(topForLine(n, now));
    },
    [kept, linePx, seenPx, top, moveTo],
  );
  const here = (): number => linesAt(top, room).first;
  const search = useSearch({ runId, task }, kept.total, here, showLine);

  useEffect(() => {
    if (seenPx > 0) want(first, last);
  });
  // As one comes: to the line that is linked to, or to the end of what is still printed.
  const isReady = isKnown && seenPx > 0;
  const latest = useRef(showLine);
  latest.current = showLine;
  useLayoutEffect(() => {
    if (!isReady) return;
    setRange(undefined);
    if (line !== undefined) latest.current(line);
  }, [isReady, line]);
  useLayoutEffect(() => {
    if (isReady && line === undefined && !kept.ended) setFollows(true);
    // Only as one comes.
  }, [isReady]);
  useLayoutEffect(() => {
    if (follows && !isAtEnd) moveTo(lastTop(room));
  });

  const toEnd = (): void => {
    setFollows(true);
    moveTo(lastTop(room));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = topByKey(event, top, room);
    if (to !== undefined) {
      moveTo(to);
      setFollows(to >= lastTop(room) - 1);
    } else if (event.key === '/') field.current?.focus();
    else return;
    event.preventDefault();
  };
  const hrefTo = useCallback(
    (n: number): string =>
      hrefOf({ kind: 'run', run: runId, ...(task !== undefined && { task }), line: n }),
    [runId, task],
  );
  const anchor = range?.first ?? line;
  const onNumber = useCallback(
    (event: MouseEvent, n: number): void => {
      if (!event.shiftKey || anchor === undefined) return;
      event.preventDefault();
      setRange({ first: Math.min(anchor, n), last: Math.max(anchor, n) });
    },
    [anchor],
  );
  const marked = range ?? (line === undefined ? undefined : { first: line, last: line });
  return (
    <div className="log">
      <div className="log-tools">
        <SearchBar search={search} field={field} />
        <LogBar
          log={{ runId, task }}
          {...{ total: kept.total, ended: kept.ended, follows, showsTime, marked, toEnd }}
          onTime={setShowsTime}
          onLeave={() => setFollows(false)}
          onGo={(wanted) => {
            location.hash = hrefTo(wanted.first);
            setRange(wanted.first === wanted.last ? undefined : wanted);
            showLine(wanted.first);
          }}
        />
      </div>
      {trouble && <p role="status">{trouble.words}</p>}
      <div
        ref={box}
        className="log-lines"
        role="region"
        aria-label={task === undefined ? 'Lines of the log' : `Lines of the log of ${task}`}
        tabIndex={0}
        onScroll={onScroll}
        onKeyDown={onKeyDown}
      >
        <LogRows
          {...{ kept, first, last, showsTime, hrefTo, onNumber, marked }}
          heightPx={heightPx(room)}
          offsetPx={offsetOf(first, top, scrollTop, room)}
          showsTask={task === undefined}
          sought={search.counted ? search.sought : undefined}
          hit={search.line}
        />
        {isKnown && kept.total === 0 && (
          <p className="log-nothing">
            {kept.ended ? 'Nothing was printed.' : 'Nothing was printed so far.'}
          </p>
        )}
      </div>
    </div>
  );
}
