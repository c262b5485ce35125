import { useRuns } from './use-runs.ts';
import { hrefOf } from '../route.ts';

/** The runs, the latest first. */
export function ListPage() {
  const { runs } = useRuns();
  return (
    <>
      <h1>Runs</h1>
      <ul>
        {runs.map(({ id, pipeline, outcome }) => (
          <li key={id}>
            <a href={hrefOf({ kind: 'run', run: id })}>{pipeline}</a> {outcome}
          </li>
        ))}
      </ul>
    </>
  );
}
