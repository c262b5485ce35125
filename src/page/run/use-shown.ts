import { useEffect, useRef } from 'react';

import type { RefObject } from 'react';

/**
 * Brings what was chosen into sight. As one comes it does so only for a link to a line, and then keeps it there, whatever
 * comes in above it, until the person does something.
 */
export function useShown(
  ref: RefObject<HTMLElement | null>,
  task: string | undefined,
  isLine: boolean,
  isThere: boolean,
): void {
  const last = useRef(task);
  const comesByLine = useRef(isLine);
  useEffect(() => {
    if (last.current !== task) ref.current?.scrollIntoView({ block: 'start' });
    last.current = task;
  }, [ref, task]);
  useEffect(() => {
    if (!isThere || !comesByLine.current) return;
    comesByLine.current = false;
    return holdInSight(ref);
  }, [ref, isThere]);
}

function holdInSight(ref: RefObject<HTMLElement | null>): () => void {
  const life = new AbortController();
  const observer = new ResizeObserver(() =>
    ref.current?.scrollIntoView({ block: 'start', behavior: 'instant' }),
  );
  const letGo = (): void => {
    observer.disconnect();
    life.abort();
  };
  observer.observe(document.body);
  for (const act of ['wheel', 'pointerdown', 'touchmove', 'keydown'])
    addEventListener(act, letGo, { signal: life.signal, passive: true });
  return letGo;
}
