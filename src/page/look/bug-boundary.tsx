import { Component } from 'react';

import type { ReactNode } from 'react';

interface Props {
  readonly children: ReactNode;
}

/** Shows that the page itself has a mistake, where there would be nothing else to see. */
export class BugBoundary extends Component<Props, { readonly bug?: Error }> {
  override state: { readonly bug?: Error } = {};

  static getDerivedStateFromError(bug: unknown): { readonly bug: Error } {
    return { bug: bug instanceof Error ? bug : new Error(String(bug)) };
  }

  override render(): ReactNode {
    const { bug } = this.state;
    if (!bug) return this.props.children;
    return (
      <section role="alert" aria-labelledby="bug">
        <h1 id="bug">This is a bug in Continuo</h1>
        <p>
          The page cannot show this. The runs go on; <code>continuo runs</code> and{' '}
          <code>continuo logs</code> tell of them.
        </p>
        <pre tabIndex={0} role="group" aria-label="what went wrong">
          {bug.stack ?? bug.message}
        </pre>
      </section>
    );
  }
}
