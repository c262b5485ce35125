import { lazy, Suspense, useEffect, useRef } from 'react';

import { KeysHelp } from './look/keys-help.tsx';
import { BugBoundary } from './look/bug-boundary.tsx';
import { ThemeSwitch } from './look/theme-switch.tsx';
import { ListPage } from './list/list-page.tsx';
import { RunPage } from './run/run-page.tsx';
import { hrefOf } from './route.ts';
import { useRoute } from './use-route.ts';

// Few look at these, and not first.
const StartPage = lazy(async () => ({
  default: (await import('./start/start-page.tsx')).StartPage,
}));
const TryPage = lazy(async () => ({ default: (await import('./try/try-page.tsx')).TryPage }));

/** The whole page: what is above everything, and what the address tells. */
export function App() {
  const route = useRoute();
  const main = useRef<HTMLElement>(null);
  const where = route.kind === 'run' ? `run ${route.run}` : route.kind;
  useWhenChanged(where, () => main.current?.focus());
  return (
    <>
      <a className="skip" href="#main" onClick={(event) => skipTo(event, main.current)}>
        Skip to the content
      </a>
      <header className="top">
        <a className="home" href={hrefOf({ kind: 'list' })}>
          Continuo
        </a>
        <span className="top-tools">
          <a href={hrefOf({ kind: 'api' })}>API</a>
          <KeysHelp />
          <ThemeSwitch />
        </span>
      </header>
      <main ref={main} tabIndex={-1} id="main">
        <BugBoundary key={where}>
          {route.kind === 'list' && <ListPage route={route} />}
          {route.kind === 'run' && <RunPage key={route.run} {...route} />}
          <Suspense fallback={<p role="status">Reading …</p>}>
            {route.kind === 'new' && <StartPage />}
            {route.kind === 'api' && <TryPage {...route} />}
          </Suspense>
        </BugBoundary>
      </main>
    </>
  );
}

// The part of the address after its `#` is what the page shows.
function skipTo(event: React.MouseEvent, to: HTMLElement | null): void {
  event.preventDefault();
  to?.focus();
}

/** Whoever goes on with the keyboard, or hears the page, is taken along. */
function useWhenChanged(value: string, then: () => void): void {
  const last = useRef(value);
  useEffect(() => {
    if (last.current !== value) then();
    last.current = value;
  });
}
