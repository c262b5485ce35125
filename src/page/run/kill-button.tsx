import { useEffect, useRef, useState } from 'react';

import type { Commanding } from './use-command.ts';

export interface KillButtonProps {
  /** Its end was asked for already: asked again, everything is killed at once. */
  readonly isEnding: boolean;
  readonly commanding: Commanding;
}

/** Ends a run, once it has been said twice. */
export function KillButton({ isEnding, commanding }: KillButtonProps) {
  const [isAsking, setAsking] = useState(false);
  const first = useRef<HTMLButtonElement>(null);
  const wasAsking = useRef(false);
  useEffect(() => {
    // Whoever has answered by the keyboard goes on from here.
    if (wasAsking.current && !isAsking) first.current?.focus();
    wasAsking.current = isAsking;
  }, [isAsking]);
  if (!isAsking)
    return (
      <button ref={first} className="danger" onClick={() => setAsking(true)}>
        {isEnding ? 'Kill everything at once' : 'Kill'} …
      </button>
    );
  const question = isEnding
    ? 'Kill everything at once, with no time to clean up?'
    : 'End this run? Its services are stopped, and nothing more of it runs.';
  const kill = (): void => {
    setAsking(false);
    commanding.send({ do: 'kill' });
  };
  return (
    <span
      className="sure"
      role="group"
      aria-label={question}
      onKeyDown={({ key }) => key === 'Escape' && setAsking(false)}
    >
      <span>{question}</span>{' '}
      <button className="danger" disabled={commanding.isBusy} onClick={kill}>
        Yes, {isEnding ? 'kill it' : 'end it'}
      </button>{' '}
      <button autoFocus onClick={() => setAsking(false)}>
        No
      </button>
    </span>
  );
}
