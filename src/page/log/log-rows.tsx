import { LogLine } from './log-line.tsx';

import type { CSSProperties } from 'react';
import type { KeptLines } from './kept-lines.ts';
import type { LineRange } from './line-range.ts';
import type { LogLineProps } from './log-line.tsx';

export interface LogRowsProps extends Pick<
  LogLineProps,
  'sought' | 'showsTime' | 'showsTask' | 'onNumber'
> {
  readonly kept: KeptLines;
  readonly first: number;
  readonly last: number;
  /** How high all of it is. */
  readonly heightPx: number;
  /** Where the first of these lines is in that. */
  readonly offsetPx: number;
  readonly marked: LineRange | undefined;
  /** The hit one is at. */
  readonly hit: number | undefined;
  readonly hrefTo: (n: number) => string;
}

/** Some lines of a log, in their places. */
export function LogRows(props: LogRowsProps) {
  const { kept, first, last, heightPx, offsetPx, marked, hit, hrefTo, ...same } = props;
  const digits = String(kept.total).length;
  const count = Math.max(0, last - first + 1);
  return (
    <div className="log-all" style={{ height: heightPx, '--digits': digits } as CSSProperties}>
      <div className="log-some" style={{ transform: `translateY(${offsetPx}px)` }}>
        {Array.from({ length: count }, (_, index) => first + index).map((n) => (
          <LogLine
            key={n}
            {...same}
            n={n}
            line={kept.line(n)}
            isMarked={marked !== undefined && n >= marked.first && n <= marked.last}
            isHit={n === hit}
            href={hrefTo(n)}
          />
        ))}
      </div>
    </div>
  );
}
