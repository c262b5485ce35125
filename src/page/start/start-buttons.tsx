import { useEffect, useRef } from 'react';

import { Trouble } from '../look/trouble.tsx';
import { hrefOf } from '../route.ts';

import type { Starting } from './use-start.ts';

export interface StartButtonsProps extends Pick<Starting, 'isBusy' | 'refusal'> {
  readonly onLoad: () => void;
}

/** What can be done with all that is written, and what has come of it. */
export function StartButtons({ isBusy, refusal, onLoad }: StartButtonsProps) {
  const pressed = useRef<HTMLButtonElement>(null);
  const told = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!refusal) return;
    told.current?.scrollIntoView({ block: 'nearest' });
    // A button loses the keyboard while it cannot be pressed.
    if (document.activeElement === document.body) pressed.current?.focus();
  }, [refusal]);
  return (
    <>
      <div className="choices">
        <button
          className="main"
          disabled={isBusy}
          onClick={({ currentTarget }) => (pressed.current = currentTarget)}
        >
          Start
        </button>
        <button
          type="button"
          disabled={isBusy}
          aria-describedby="about-load"
          onClick={({ currentTarget }) => {
            pressed.current = currentTarget;
            onLoad();
          }}
        >
          Load
        </button>
        <span role="status">{isBusy && 'Waiting for the server …'}</span>
      </div>
      <p id="about-load" className="quiet">
        What is loaded is only read and checked: nothing of it begins before it is asked to go on.
      </p>
      <div ref={told}>
        <Trouble refusal={refusal} />
      </div>
      <p className="quiet">
        There is more that a run can be started with:{' '}
        <a href={hrefOf({ kind: 'api', operation: 'POST /api/v1/runs' })}>
          all of it, on the API page
        </a>
        .
      </p>
    </>
  );
}
