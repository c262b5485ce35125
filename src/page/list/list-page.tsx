import { useState } from 'react';

import './list.css';
import { troubleWords } from '../api/ask.ts';
import { useNow } from '../look/use-now.ts';
import { hrefOf } from '../route.ts';
import { HowToStart } from './how-to-start.tsx';
import { ListFilter } from './list-filter.tsx';
import { RunRow } from './run-row.tsx';
import { useRuns } from './use-runs.ts';

import type { Route } from '../route.ts';

const pageOf = 50;

/** The runs, the latest first, live. */
export function ListPage({ route }: { readonly route: Extract<Route, { kind: 'list' }> }) {
  const { outcome, name } = route;
  const [count, setCount] = useState(pageOf);
  const { found, trouble } = useRuns({ outcome, name, count });
  const now = useNow(1_000);
  const isFiltered = outcome !== undefined || name !== undefined;
  return (
    <div className="list-page">
      <div className="list-head">
        <div className="list-title">
          <h1>Runs</h1>
          <a className="new-run" href={hrefOf({ kind: 'new' })}>
            New run
          </a>
        </div>
        <ListFilter outcome={outcome} name={name} />
      </div>
      <p role="status" className="trouble">
        {trouble && troubleWords(trouble)}
      </p>
      {found && found.runs.length > 0 && (
        <ul className="runs" aria-label="Runs">
          {found.runs.map((run) => (
            <RunRow key={run.id} run={run} now={now} />
          ))}
        </ul>
      )}
      {found?.isCut === true && (
        <button onClick={() => setCount(count + pageOf)}>Show more runs</button>
      )}
      {found?.runs.length === 0 && !isFiltered && <HowToStart />}
      {found?.runs.length === 0 && isFiltered && (
        <p>
          No run is like that. <a href={hrefOf({ kind: 'list' })}>Show all runs</a>
        </p>
      )}
    </div>
  );
}
