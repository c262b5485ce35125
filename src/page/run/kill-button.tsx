import { useRef, useState } from 'react';

import type { Commanding } from './use-command.ts';

export interface KillButtonProps {
  /** Its end was asked for already: asked again, everything is killed at once. */
  readonly isEnding: boolean;
  readonly commanding: Commanding;
}

/** Ends a run, once it has been said twice. */
export function KillButton({ isEnding, commanding }: KillButtonProps) {
  const [isSure, setSure] = useState(false);
  const first = useRef<HTMLButtonElement>(null);
  const what = isEnding ? 'Kill everything at once' : 'Kill';
  if (!isSure)
    return (
      <button ref={first} className="danger" onClick={() => setSure(true)}>
        {what} …
      </button>
    );
  const question = isEnding
    ? 'Kill everything at once, with no time to clean up?'
    : 'End this run? Its services are stopped, and nothing more of it runs.';
  return (
    <span
      className="sure"
      role="group"
      aria-label={question}
      onKeyDown={({ key }) => key === 'Escape' && setSure(false)}
    >
      <span>{question}</span>{' '}
      <button
        className="danger"
        disabled={commanding.isBusy}
        onClick={() => {
          setSure(false);
          commanding.send({ do: 'kill' });
        }}
      >
        Yes, {isEnding ? 'kill it' : 'end it'}
      </button>{' '}
      <button autoFocus onClick={() => setSure(false)}>
        No
      </button>
    </span>
  );
}
