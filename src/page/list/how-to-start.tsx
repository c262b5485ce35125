import { hrefOf } from '../route.ts';

/** What is shown where there are no runs: how to have one. */
export function HowToStart() {
  return (
    <section className="empty" aria-labelledby="no-runs">
      <h2 id="no-runs">There are no runs yet</h2>
      <p>
        <a href={hrefOf({ kind: 'new' })}>Start one here</a>, or run a pipeline on this machine, and
        it is listed while it runs:
      </p>
      <pre tabIndex={0} role="group" aria-label="a command">
        continuo exec pipeline.yaml
      </pre>
    </section>
  );
}
