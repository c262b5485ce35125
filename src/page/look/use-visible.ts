import { useSyncExternalStore } from 'react';

/** Whether anybody can see the page. */
export const useVisible = (): boolean =>
  useSyncExternalStore(listen, () => document.visibilityState === 'visible');

function listen(changed: () => void): () => void {
  const life = new AbortController();
  document.addEventListener('visibilitychange', changed, { signal: life.signal });
  return () => life.abort();
}
