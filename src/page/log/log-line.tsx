import { memo } from 'react';

import { parseLine } from './ansi.ts';
import { drawn } from './colours.ts';
import { markHits } from './marks.ts';
import { clockTime } from './clock-time.ts';

import type { CSSProperties, MouseEvent } from 'react';
import type { LogLine as Line } from './kept-lines.ts';
import type { Sought } from './marks.ts';

export interface LogLineProps {
  readonly n: number;
  /** Absent: it is not here yet. */
  readonly line: Line | undefined;
  /** What is searched for. */
  readonly sought: Sought | undefined;
  readonly showsTime: boolean;
  readonly showsTask: boolean;
  /** It is linked to, or chosen to be copied. */
  readonly isMarked: boolean;
  /** One is at this hit. */
  readonly isHit: boolean;
  readonly href: string;
  readonly onNumber: (event: MouseEvent, n: number) => void;
}

/** A line of a log. */
export const LogLine = memo(function LogLine(props: LogLineProps) {
  const { n, line, sought, showsTime, showsTask, isMarked, isHit, href, onNumber } = props;
  const classes = ['log-line', isMarked && 'marked', isHit && 'at-hit', line?.stream];
  return (
    <div className={classes.filter(Boolean).join(' ')} data-line={n}>
      <a
        className="log-number"
        href={href}
        tabIndex={-1}
        // Not a text, so that it is not copied along.
        data-number={n}
        aria-label={`Line ${n}${line?.stream === 'stderr' ? ', standard error' : ''}`}
        aria-current={isMarked ? 'location' : undefined}
        title={line?.stream === 'stderr' ? 'standard error' : undefined}
        onClick={(event) => onNumber(event, n)}
      />
      {showsTime && (
        <time className="log-time" dateTime={line && new Date(line.at).toISOString()}>
          {line ? clockTime(line.at) : ''}
        </time>
      )}
      {showsTask && <span className="log-task">{line?.task}</span>}
      <span className="log-text">
        {line ? <Pieces text={line.text} sought={sought} /> : <span className="log-absent">…</span>}
        {line?.cut && <span className="log-absent"> … the line goes on</span>}
      </span>
    </div>
  );
});

function Pieces({ text, sought }: { readonly text: string; readonly sought: Sought | undefined }) {
  return markHits(parseLine(text).pieces, sought).map((piece, index) => {
    const { className, ink, ground } = drawn(piece);
    const style = { '--ink': ink, '--under': ground } as CSSProperties;
    const shown =
      className === '' ? (
        piece.text
      ) : (
        <span className={className} style={style}>
          {piece.text}
        </span>
      );
    // Pieces have nothing but their places to tell them apart.
    return piece.isHit ? <mark key={index}>{shown}</mark> : <span key={index}>{shown}</span>;
  });
}
