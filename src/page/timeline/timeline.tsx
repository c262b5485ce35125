import { formatDuration } from '../../base/duration.ts';

import type { NodeView, RunView } from '../../event/view.ts';

export interface TimelineProps {
  /** A new object whenever something has happened; what is in it is changed in place. */
  readonly state: RunView;
  /** Milliseconds since the epoch: how far what still goes on has come. */
  readonly now: number;
  /** Somebody wants to know more of a step, service or group: its id. */
  readonly onSelect: (task: string) => void;
}

/** When everything ran. */
export function Timeline({ state, now, onSelect }: TimelineProps) {
  const begun = [...state.nodes.values()].filter(({ startedAt }) => startedAt !== undefined);
  const since = ({ startedAt = 0 }: NodeView): string =>
    formatDuration(Math.max(0, startedAt - state.startedAt));
  const took = ({ startedAt = 0, endedAt = now }: NodeView): string =>
    formatDuration(Math.max(0, endedAt - startedAt));
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">what</th>
          <th scope="col">began after</th>
          <th scope="col">took</th>
        </tr>
      </thead>
      <tbody>
        {begun.map((node) => (
          <tr key={node.id}>
            <th scope="row">
              <button onClick={() => onSelect(node.id)}>{node.name}</button>
            </th>
            <td>{since(node)}</td>
            <td>{took(node)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
