import './failure.css';
import { causeTask } from '../../report/describe-cause.ts';
import { hrefOf } from '../route.ts';

import type { RunView } from '../../event/view.ts';
import type { Said, ToldFailure } from './use-failure.ts';

export interface FailureViewProps {
  readonly view: RunView;
  readonly failure: ToldFailure;
}

/** Why a run failed: the cause, what the step said last, and beside it what the services said meanwhile. */
export function FailureView({ view, failure }: FailureViewProps) {
  const { cause, steps, services } = failure;
  if (!cause) return null;
  const doubts = view.warnings.filter(
    ({ about }) => about !== undefined && about === causeTask(view),
  );
  const silent = services.filter(({ lines }) => lines.length === 0);
  return (
    <section className="failure" aria-labelledby="failure">
      <h2 id="failure">Why it failed</h2>
      <p className="cause">{cause.sentence}.</p>
      {cause.hint !== undefined && <p>{cause.hint}</p>}
      {doubts.map(({ text }) => (
        <p key={text} className="warn">
          ! {text}
        </p>
      ))}
      <div className={`beside${causeTask(view) === services[0]?.task ? ' service-first' : ''}`}>
        <div>
          {steps.map((said) => (
            <Excerpt key={said.task} kind="step" run={view.run} said={said} />
          ))}
        </div>
        <div>
          {services
            .filter(({ lines }) => lines.length > 0)
            .map((said) => (
              <Excerpt key={said.task} kind="service" run={view.run} said={said} />
            ))}
          {silent.length > 0 && (
            <p className="quiet">
              Said nothing meanwhile: {silent.map(({ name }) => name).join(', ')}.
            </p>
          )}
        </div>
      </div>
    </section>
  );
}

interface ExcerptProps {
  readonly kind: string;
  readonly run: string;
  readonly said: Said;
}

function Excerpt({ kind, run, said: { task, name, lines, cut } }: ExcerptProps) {
  const who = `${kind} '${name}'`;
  const all = hrefOf({ kind: 'run', run, task });
  if (lines.length === 0) return <p className="quiet">{who} said nothing.</p>;
  return (
    <>
      <h3>
        {who} said{cut ? ' last' : ''} <a href={all}>all of it</a>
      </h3>
      <pre tabIndex={0} role="group" aria-label={`What ${who} said`}>
        {lines.join('\n')}
      </pre>
    </>
  );
}
