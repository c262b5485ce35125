import { useRun } from '../api/use-run.ts';
import { LogView } from '../log/log-view.tsx';
import { useNow } from '../look/use-now.ts';
import { hrefOf } from '../route.ts';
import { Timeline } from '../timeline/timeline.tsx';

export interface RunPageProps {
  readonly run: string;
  readonly task?: string;
  readonly line?: number;
}

/** One run: what it is made of, when that ran, and what it printed. */
export function RunPage({ run, task, line }: RunPageProps) {
  const { view, trouble, outcome } = useRun(run);
  const now = useNow(200, outcome === undefined);
  const select = (id: string): void =>
    void (location.hash = hrefOf({ kind: 'run', run, task: id }));
  if (!view) return <p role="status">{trouble?.words ?? 'Reading the run …'}</p>;
  return (
    <>
      <h1>{view.plan.name}</h1>
      {trouble && <p role="status">{trouble.words}</p>}
      <section aria-labelledby="timeline">
        <h2 id="timeline">Timeline</h2>
        <Timeline state={view} now={view.endedAt ?? now} onSelect={select} />
      </section>
      <section aria-labelledby="log">
        <h2 id="log">Log</h2>
        <LogView runId={run} task={task} line={line} />
      </section>
    </>
  );
}
