import { useEffect, useRef } from 'react';

import { formatDuration } from '../../base/duration.ts';
import { Badge } from '../look/badge.tsx';

import type { Sending, Sent } from './use-sending.ts';

/** What the server answers, as it comes. */
export function AnswerView({ sent, stop }: Pick<Sending, 'sent' | 'stop'>) {
  const end = useRef<HTMLPreElement>(null);
  const isComing = sent?.state === 'sending';
  useEffect(() => {
    if (isComing && end.current) end.current.scrollTop = end.current.scrollHeight;
  });
  if (!sent) return null;
  const { head, text, isCut } = sent;
  return (
    <section aria-labelledby="answer">
      <h3 id="answer">The answer</h3>
      <div className="answer-head">
        {head && (
          <Badge
            sign={head.status < 400 ? '✓' : '✗'}
            tone={head.status < 400 ? 'good' : 'bad'}
            word={`${head.status} ${head.statusText}`.trim()}
          />
        )}
        <span role="status">{stateWords(sent)}</span>
        {isComing && (
          <button type="button" onClick={stop}>
            Stop
          </button>
        )}
      </div>
      {head && (
        <details>
          <summary>Its headers</summary>
          <pre tabIndex={0} role="group" aria-label="The headers of the answer">
            {head.headers.map(([name, value]) => `${name}: ${value}`).join('\n')}
          </pre>
        </details>
      )}
      {isCut && <p className="quiet">Only the end is shown: there was more than fits a page.</p>}
      {text !== '' && (
        <pre
          ref={end}
          className="answer-body"
          tabIndex={0}
          role="group"
          aria-label="The body of the answer"
        >
          {isComing ? text : shown(text, head?.type ?? '')}
        </pre>
      )}
    </section>
  );
}

function stateWords({ state, tookMs, text, head }: Sent): string {
  const after = formatDuration(Math.round(tookMs));
  switch (state) {
    case 'sending':
      return head ? `it comes: ${text.length.toLocaleString('en')} characters so far` : 'asked …';
    case 'done':
      return `after ${after}`;
    case 'stopped':
      return `stopped after ${after}`;
    case 'broken':
      return head ? 'it broke off' : 'The server does not answer.';
    default:
      return state satisfies never;
  }
}

/** JSON is easier to read on several lines. */
function shown(text: string, type: string): string {
  if (!/\bjson\b/.test(type)) return text;
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}
