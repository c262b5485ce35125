import { useEffect, useRef } from 'react';

/**
 * Hears of a file that is dropped, wherever on the page: the browser would show it in place of the page
 * and of all that was written there.
 */
export function useDrop(take: (file: File) => void): void {
  const latest = useRef(take);
  useEffect(() => void (latest.current = take));
  useEffect(() => {
    const life = new AbortController();
    const { signal } = life;
    const over = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes('Files') === true) event.preventDefault();
    };
    const drop = (event: DragEvent): void => {
      const file = event.dataTransfer?.files[0];
      if (!file) return;
      event.preventDefault();
      latest.current(file);
    };
    addEventListener('dragover', over, { signal });
    addEventListener('drop', drop, { signal });
    return () => life.abort();
  }, []);
}
