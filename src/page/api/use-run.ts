import { useEffect, useRef, useState } from 'react';

import { foldEvent } from '../../event/fold-event.ts';
import { FollowPlace } from '../../event/follow-place.ts';
import { openView } from '../../event/view.ts';
import { useVisible } from '../look/use-visible.ts';
import { followRun } from './follow-run.ts';

import type { RunView } from '../../event/view.ts';
import type { Refusal } from './ask.ts';
import type { Standing } from './wire.ts';

/** What is known of a run that is followed. */
export interface FollowedRun {
  /** A new object whenever something has happened. Absent: nothing was told yet. */
  readonly view?: RunView;
  /** Why nothing more is heard at the moment. */
  readonly trouble?: Refusal;
  /** What has become of it in the end. */
  readonly outcome?: Standing;
}

/**
 * Follows a run for as long as it is looked at. While the page is hidden there is no connection: a browser
 * has six of them for each server, and there may be more pages than that.
 */
export function useRun(run: string): FollowedRun {
  const [followed, setFollowed] = useState<FollowedRun>({});
  const [place] = useState(() => new FollowPlace());
  const folded = useRef<RunView>(undefined);
  const isVisible = useVisible();
  const isOver = followed.outcome !== undefined;
  useEffect(() => {
    if (!isVisible || isOver) return;
    const life = new AbortController();
    let news: Partial<FollowedRun> | undefined;
    const tell = (more: Partial<FollowedRun>): void => {
      if (!news) requestAnimationFrame(show);
      news = { ...news, ...more };
    };
    const show = (): void => {
      const view = folded.current;
      const told = news;
      news = undefined;
      if (!life.signal.aborted)
        setFollowed((before) => ({ ...before, ...told, ...(view && { view: { ...view } }) }));
    };
    const listener = {
      event: (event: Parameters<typeof foldEvent>[1]) => {
        if (event.type === 'run.started') folded.current = openView(event);
        else if (folded.current) foldEvent(folded.current, event);
        tell({});
      },
      connection: (trouble: Refusal | undefined) => tell({ trouble } as Partial<FollowedRun>),
      end: (outcome: Standing, lostAt: number | undefined) => {
        // No event tells the end of a run that is lost.
        if (folded.current && lostAt !== undefined) folded.current.endedAt ??= lostAt;
        tell({ outcome });
      },
    };
    followRun(run, place, listener, life.signal).catch((error: unknown) => {
      if (life.signal.aborted) return;
      // What is thrown here is seen by whoever shows bugs.
      setFollowed(() => {
        throw error;
      });
    });
    return () => life.abort();
  }, [run, place, isVisible, isOver]);
  return followed;
}
