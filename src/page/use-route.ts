import { useSyncExternalStore } from 'react';

import { parseRoute } from './route.ts';

import type { Route } from './route.ts';

/** What the address tells, now and whenever it changes. */
export const useRoute = (): Route => parseRoute(useSyncExternalStore(listen, () => location.hash));

function listen(changed: () => void): () => void {
  const life = new AbortController();
  addEventListener('hashchange', changed, { signal: life.signal });
  return () => life.abort();
}
