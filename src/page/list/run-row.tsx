import { formatDuration } from '../../base/duration.ts';
import { ticking } from '../../report/node-line.ts';
import { Badge } from '../look/badge.tsx';
import { Moment } from '../look/moment.tsx';
import { standings } from '../look/standing.ts';
import { hrefOf } from '../route.ts';

import type { ListedRun } from '../api/wire.ts';

/** One run of the list. */
export function RunRow({ run, now }: { readonly run: ListedRun; readonly now: number }) {
  const { id, pipeline, outcome, startedAt, endedAt, after } = run;
  const isOn = outcome === 'running' || outcome === 'starting';
  const took =
    endedAt !== undefined
      ? formatDuration(endedAt - startedAt)
      : isOn
        ? ticking(now - startedAt)
        : '';
  return (
    <li>
      <a className="row" href={hrefOf({ kind: 'run', run: id })}>
        <span className="standing">
          <Badge {...standings[outcome]} />
        </span>{' '}
        <span className="name">
          {pipeline || 'a run without a name'}
          {after !== undefined && <small> begins after {after}</small>}
        </span>{' '}
        <span className="took">{took}</span>{' '}
        <span className="when">
          <Moment at={startedAt} now={now} />
        </span>{' '}
        <span className="id">{id}</span>
      </a>
    </li>
  );
}
