import { KillButton } from './kill-button.tsx';
import { ResumeTo } from './resume-to.tsx';
import { canPause } from './run-standing.ts';

import type { RunView } from '../../event/view.ts';
import type { Commanding } from './use-command.ts';

export interface ControlsProps {
  readonly view: RunView;
  readonly commanding: Commanding;
}

/** What can be asked of a run that goes on, as far as it makes sense now. */
export function Controls({ view, commanding }: ControlsProps) {
  const { send, isBusy } = commanding;
  const { paused, cancelledBy } = view;
  const hasFailed = paused?.why.kind === 'failure';
  return (
    <div className="controls" role="group" aria-label="What the run shall do">
      {paused && (
        <button
          className="main"
          disabled={isBusy}
          onClick={() => send({ do: 'resume', to: 'all' })}
        >
          {hasFailed ? 'Go on to its end' : 'Resume'}
        </button>
      )}
      {paused && !hasFailed && (
        <>
          <button disabled={isBusy} onClick={() => send({ do: 'resume', to: 'next' })}>
            Next step
          </button>
          <ResumeTo view={view} commanding={commanding} />
        </>
      )}
      {canPause(view) && (
        <button disabled={isBusy} onClick={() => send({ do: 'pause' })}>
          Pause
        </button>
      )}
      <KillButton isEnding={cancelledBy !== undefined} commanding={commanding} />
    </div>
  );
}
