import { useState } from 'react';

import { copyLines } from './copy-lines.ts';
import { nameRange, parseRange } from './line-range.ts';
import { logPath } from './log-path.ts';

import type { LineRange } from './line-range.ts';
import type { LogOf } from './log-path.ts';

export interface LogBarProps {
  readonly log: LogOf;
  readonly total: number;
  /** There will be no more. */
  readonly ended: boolean;
  readonly follows: boolean;
  readonly showsTime: boolean;
  readonly marked: LineRange | undefined;
  readonly toEnd: () => void;
  readonly onLeave: () => void;
  readonly onTime: (showsTime: boolean) => void;
  readonly onGo: (range: LineRange) => void;
}

/** What can be done with a log besides searching it. */
export function LogBar(props: LogBarProps) {
  const { log, total, ended, follows, showsTime, marked, toEnd, onLeave, onTime, onGo } = props;
  const [wanted, setWanted] = useState('');
  const [told, setTold] = useState('');
  const range = parseRange(wanted);
  const copy = async (lines: LineRange): Promise<void> => {
    const copied = await copyLines(log, lines);
    setTold(
      copied.ok
        ? `Copied ${copied.value} ${copied.value === 1 ? 'line' : 'lines'}`
        : copied.failure.words,
    );
  };
  return (
    <div className="log-bar">
      <span className="log-total">
        {total.toLocaleString('en')} {total === 1 ? 'line' : 'lines'}
      </span>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (range && range.first <= total) onGo(range);
        }}
      >
        <label>
          Line{' '}
          <input
            className="log-where"
            inputMode="numeric"
            placeholder="12 or 12-30"
            value={wanted}
            onChange={({ target }) => setWanted(target.value)}
          />
        </label>{' '}
        <button type="submit" disabled={!range || range.first > total}>
          Go
        </button>
      </form>
      <label>
        <input
          type="checkbox"
          checked={showsTime}
          onChange={({ target }) => onTime(target.checked)}
        />{' '}
        Times
      </label>
      {ended ? (
        <button type="button" onClick={toEnd}>
          To the end
        </button>
      ) : (
        <button type="button" aria-pressed={follows} onClick={follows ? onLeave : toEnd}>
          Follow
        </button>
      )}
      {marked && (
        <button type="button" onClick={() => void copy(marked)}>
          Copy {nameRange(marked)}
        </button>
      )}
      <a href={logPath(log, '')}>Plain text</a>
      <span role="status">{told}</span>
    </div>
  );
}
