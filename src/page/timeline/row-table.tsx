import { formatDuration } from '../../base/duration.ts';
import { hasLog } from './row-words.ts';

import type { Row } from './chart.ts';

export interface RowTableProps {
  readonly rows: readonly Row[];
  readonly onSelect: (id: string) => void;
}

/** The same as the bars, in words. */
export function RowTable({ rows, onSelect }: RowTableProps) {
  return (
    <div className="timeline-table" role="region" aria-label="Timeline as a table" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Kind</th>
            <th scope="col">Stands</th>
            <th scope="col">Times after the start</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, kind, id, name, words, bars, breaks }) => (
            <tr key={key}>
              <th scope="row">
                {hasLog(kind) ? (
                  <button type="button" onClick={() => onSelect(id)}>
                    {name}
                  </button>
                ) : (
                  name
                )}
              </th>
              <td>{kind}</td>
              <td>{words}</td>
              <td>
                {bars.map(({ phase, from, to, goesOn }) => (
                  <div key={from}>
                    {phase}: {formatDuration(from)} – {goesOn ? 'now' : formatDuration(to)}
                  </div>
                ))}
                {breaks.map((at) => (
                  <div key={at}>broke: {formatDuration(at)}</div>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
