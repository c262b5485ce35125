import { useEffect, useRef, useState } from 'react';

import { heardOf, newsOf } from './announcements.ts';

import type { RunView } from '../../event/view.ts';
import type { Heard } from './announcements.ts';

const everyMs = 1_000;

export interface AnnouncerProps {
  readonly view: RunView;
  /** How the run stands. */
  readonly standing: string;
}

/** Tells screen readers what changes, no more often than can be listened to. */
export function Announcer({ view, standing }: AnnouncerProps) {
  const [said, setSaid] = useState('');
  const last = useRef<{ heard: Heard; standing: string }>(undefined);
  const latest = useRef({ view, standing });
  useEffect(() => {
    latest.current = { view, standing };
    // What is there already is read with the page.
    last.current ??= { heard: heardOf(view), standing };
  });
  useEffect(() => {
    const timer = setInterval(() => {
      const now = latest.current;
      const heard = heardOf(now.view);
      const before = last.current ?? { heard, standing: now.standing };
      const news = [
        newsOf(before.heard, heard),
        ...(before.standing === now.standing ? [] : [`The run: ${now.standing}`]),
      ].filter((words) => words !== '');
      last.current = { heard, standing: now.standing };
      if (news.length > 0) setSaid(news.join('. '));
    }, everyMs);
    return () => clearInterval(timer);
  }, []);
  return (
    <p role="status" aria-live="polite" className="unseen">
      {said}
    </p>
  );
}
