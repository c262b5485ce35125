import { useEffect, useState } from 'react';

import { ask } from '../api/ask.ts';
import { runPath } from '../api/wire.ts';

export interface LogViewProps {
  readonly runId: string;
  /** A step or service, by its id. Absent: all of them. */
  readonly task: string | undefined;
  /** The line that is linked to, from 1. */
  readonly line: number | undefined;
}

/** What was printed last. */
export function LogView({ runId, task }: LogViewProps) {
  const [text, setText] = useState('');
  useEffect(() => {
    const life = new AbortController();
    const query = new URLSearchParams({ tail: '1000', ...(task !== undefined && { task }) });
    void ask(runPath(runId, `/logs?${query.toString()}`), { signal: life.signal })
      .then(async (asked) => setText(asked.ok ? await asked.value.text() : asked.failure.words))
      .catch(() => undefined);
    return () => life.abort();
  }, [runId, task]);
  return (
    <pre tabIndex={0} aria-label="log">
      {text}
    </pre>
  );
}
