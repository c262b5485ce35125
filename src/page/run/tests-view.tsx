import { formatDuration } from '../../base/duration.ts';
import { addTests, noTests } from '../../event/tests.ts';
import { nameOf } from '../../report/describe.ts';
import { countWords, reportsOf, titleOf } from '../../report/tests.ts';
import { Sign } from '../look/badge.tsx';

import type { TestCase } from '../../event/tests.ts';
import type { RunView } from '../../event/view.ts';

/** What the tests of a run came to, those that broke first. */
export function TestsView({ view }: { readonly view: RunView }) {
  const reports = reportsOf(view);
  if (reports.length === 0) return null;
  const counts = reports.map((report) => report.counts).reduce(addTests, noTests);
  const cases = reports.flatMap(({ task, cases: all }) => all.map((test) => ({ test, task })));
  const broken = cases.filter(({ test }) => isBroken(test));
  const others = cases.filter(({ test }) => !isBroken(test));
  return (
    <section aria-labelledby="tests">
      <h2 id="tests" tabIndex={-1}>
        Tests
      </h2>
      <p>
        {countWords(counts)}
        {counts.seconds > 0 && `, in ${formatDuration(counts.seconds * 1_000)}`}
      </p>
      <ul className="tests">
        {broken.map(({ test, task }, index) => (
          <li key={index}>
            <Sign sign="✗" tone="bad" /> <strong>{titleOf(test)}</strong>{' '}
            <span className="quiet">
              {test.outcome}, {nameOf(view, task)}
            </span>
            {test.message !== undefined && (
              <pre tabIndex={0} role="group" aria-label={`Why ${titleOf(test)} broke`}>
                {test.message}
              </pre>
            )}
          </li>
        ))}
      </ul>
      {others.length > 0 && (
        <details>
          <summary>The others</summary>
          <ul className="tests">
            {others.map(({ test }, index) => (
              <li key={index}>
                <Sign {...signOf(test)} /> {titleOf(test)}{' '}
                <span className="quiet">
                  {test.outcome}
                  {test.seconds !== undefined && `, ${formatDuration(test.seconds * 1_000)}`}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

const isBroken = ({ outcome }: TestCase): boolean => outcome === 'failed' || outcome === 'error';

const signOf = ({ outcome }: TestCase) =>
  outcome === 'passed'
    ? ({ sign: '✓', tone: 'good' } as const)
    : ({ sign: '○', tone: 'dim' } as const);
