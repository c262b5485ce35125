import { useEffect, useMemo, useRef } from 'react';

import './run.css';
import { openQuestions } from '../../event/open-questions.ts';
import { troubleWords } from '../api/ask.ts';
import { useRun } from '../api/use-run.ts';
import { LogView } from '../log/log-view.tsx';
import { useNow } from '../look/use-now.ts';
import { hrefOf } from '../route.ts';
import { Timeline } from '../timeline/timeline.tsx';
import { reportsOf } from '../../report/tests.ts';
import { Announcer } from './announcer.tsx';
import { FailureView } from './failure-view.tsx';
import { nodeWords } from './node-words.ts';
import { Jumps } from './jumps.tsx';
import { Question } from './question.tsx';
import { RunHead } from './run-head.tsx';
import { standingOf } from './run-standing.ts';
import { TestsView } from './tests-view.tsx';
import { Tree } from './tree.tsx';
import { Unbegun, useUnbegun } from './unbegun.tsx';
import { useCommand } from './use-command.ts';
import { useFailure } from './use-failure.ts';
import { useShown } from './use-shown.ts';
import { Warnings } from './warnings.tsx';

import type { RunView } from '../../event/view.ts';

export interface RunPageProps {
  /** Its id, or `latest`, or a name. */
  readonly run: string;
  readonly task?: string;
  readonly line?: number;
}

/** One run: what it is made of, when that ran, and what it printed. */
export function RunPage({ run, task, line }: RunPageProps) {
  const { view, trouble, outcome } = useRun(run);
  const isOver = outcome !== undefined || view?.endedAt !== undefined;
  const clock = useNow(500, !isOver);
  const unbegun = useUnbegun(run, view !== undefined);
  const id = view?.run ?? unbegun?.id;
  const commanding = useCommand(id ?? run);
  const failure = useFailure(run, failureOf(view));
  useEffect(() => {
    // What is the latest today is not tomorrow.
    if (id !== undefined && id !== run)
      location.replace(
        hrefOf({
          kind: 'run',
          run: id,
          ...(task !== undefined && { task }),
          ...(line !== undefined && { line }),
        }),
      );
  }, [id, run, task, line]);
  const name = view?.plan.name;
  useEffect(() => {
    document.title = name === undefined ? 'Continuo' : `${name} · Continuo`;
    return () => void (document.title = 'Continuo');
  }, [name]);
  const log = useRef<HTMLElement>(null);
  useShown(log, task, line !== undefined, view !== undefined);
  const logView = useMemo(
    () => <LogView key={task ?? ''} runId={run} task={task} line={line} />,
    [run, task, line],
  );
  if (unbegun) return <Unbegun run={unbegun} commanding={commanding} />;
  if (!view) return <Nothing words={trouble?.words} />;
  const now = view.endedAt ?? clock;
  const { badge, sentence } = standingOf(view, outcome);
  const node = task === undefined ? undefined : view.nodes.get(task);
  return (
    <div className="run-page">
      <RunHead
        {...{ view, now, isOver, commanding }}
        standing={{ badge, sentence: failure?.cause ? '' : sentence }}
      />
      <Announcer view={view} standing={`${badge.word}. ${sentence}`} />
      <p role="status" className="trouble">
        {trouble && !isOver && troubleWords(trouble)}
      </p>
      {!isOver &&
        openQuestions(view).map((question) => (
          <Question
            key={`${question.id} ${question.since}`}
            question={question}
            commanding={commanding}
          />
        ))}
      {failure && <FailureView view={view} failure={failure} />}
      <Jumps hasTests={reportsOf(view).length > 0} />
      <div className="columns">
        <div className="side" id="steps" tabIndex={-1}>
          <Tree view={view} now={now} isOver={isOver} selected={task} />
        </div>
        <div className="content">
          <Warnings view={view} />
          <section aria-labelledby="timeline">
            <h2 id="timeline" tabIndex={-1}>
              Timeline
            </h2>
            <Timeline
              state={view}
              now={now}
              onSelect={(one) => (location.hash = hrefOf({ kind: 'run', run, task: one }))}
            />
          </section>
          <TestsView view={view} />
          <section ref={log} aria-labelledby="log">
            <h2 id="log" tabIndex={-1}>
              {node ? `Log of ${node.kind} '${node.name}'` : 'Log'}
            </h2>
            {node && <p className="quiet">{nodeWords(node, view, now, isOver).text}</p>}
            {logView}
          </section>
        </div>
      </div>
    </div>
  );
}

const failureOf = (view: RunView | undefined): 'paused' | 'ended' | undefined =>
  view?.outcome === 'failed'
    ? 'ended'
    : view?.paused?.why.kind === 'failure'
      ? 'paused'
      : undefined;

function Nothing({ words }: { readonly words: string | undefined }) {
  return (
    <>
      <h1>Run</h1>
      <p role="status">{words ?? 'Reading the run …'}</p>
      {words !== undefined && (
        <p>
          <a href={hrefOf({ kind: 'list' })}>All runs</a>
        </p>
      )}
    </>
  );
}
