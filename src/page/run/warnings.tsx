import { nameOf } from '../../report/describe.ts';

import type { RunView } from '../../event/view.ts';

/** What is worth knowing and has changed no outcome. */
export function Warnings({ view }: { readonly view: RunView }) {
  if (view.warnings.length === 0 && !view.kept) return null;
  return (
    <section className="warnings" aria-labelledby="warnings">
      <h2 id="warnings">Worth knowing</h2>
      <ul>
        {view.warnings.map(({ about, text }, index) => (
          <li key={index}>
            {about !== undefined && <strong>{nameOf(view, about)}: </strong>}
            {text}
          </li>
        ))}
        {view.kept && (
          <li>
            Its containers are kept; <code>continuo clean</code> removes them.
            {view.kept.map((command) => (
              <pre key={command} tabIndex={0} role="group" aria-label="how to get in">
                {command}
              </pre>
            ))}
          </li>
        )}
      </ul>
    </section>
  );
}
