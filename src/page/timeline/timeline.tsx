import { useMemo, useState } from 'react';

import './timeline.css';

import { chartOf } from './chart.ts';
import { Legend } from './legend.tsx';
import { describeRow, hasLog } from './row-words.ts';
import { RowTable } from './row-table.tsx';
import { Rows } from './rows.tsx';
import { Scale } from './scale.tsx';
import { useStretch } from './use-stretch.ts';
import { ZoomBar } from './zoom-bar.tsx';

import type { RunView } from '../../event/view.ts';
import type { Row } from './chart.ts';

export interface TimelineProps {
  /** A new object whenever something has happened; what is in it is changed in place. */
  readonly state: RunView;
  /** Milliseconds since the epoch: how far what still goes on has come. */
  readonly now: number;
  /** Somebody wants to know more of a step or service: its id. */
  readonly onSelect: (task: string) => void;
}

/** When everything ran: bars one can look closer at, or the same as a table. */
export function Timeline({ state, now, onSelect }: TimelineProps) {
  const { rows, lengthMs } = useMemo(() => chartOf(state, now), [state, now]);
  const [isTable, setTable] = useState(false);
  const { seen, isAll, look } = useStretch(lengthMs);
  /** The row that a person is at. */
  const [at, setAt] = useState<string>();
  const current = rows.find(({ key }) => key === at);
  const open = ({ kind, id, bars }: Row): void => {
    const [first] = bars;
    if (hasLog(kind)) onSelect(id);
    else if (first) look.see({ from: first.from, to: bars.at(-1)!.to });
  };
  return (
    <div className="timeline">
      <div className="timeline-tools">
        {!isTable && <ZoomBar look={look} isAll={isAll} />}
        <label>
          <input
            type="checkbox"
            checked={isTable}
            onChange={({ target }) => setTable(target.checked)}
          />{' '}
          As a table
        </label>
      </div>
      {isTable ? (
        <RowTable rows={rows} onSelect={onSelect} />
      ) : (
        <>
          <Scale seen={seen} />
          <Rows {...{ rows, seen, look, at }} onAt={setAt} onOpen={open} />
          <p className="timeline-told">
            {current ? describeRow(current) : 'Point at a line, or go to it, to have it in words.'}
          </p>
          <Legend />
        </>
      )}
    </div>
  );
}
