import type { Result } from '../base/result.ts';
import type { Recorder, RunEvent } from '../event/event.ts';
import type { PauseReason } from '../event/pause.ts';

/** How a person lets a paused run go on, or ends it. */
export type PauseChoice = 'all' | 'next' | 'kill';

/** By which a person is asked that. Settles as `Ask` does. */
export type AskPause = (
  why: PauseReason,
  signal: AbortSignal,
) => Promise<Result<PauseChoice, string>>;

const longMs = 2 ** 30;

/**
 * A recorder that, while its run is paused, has a person asked what shall become of it, and keeps the
 * process alive: of a run in which nothing goes on, nothing else would.
 */
export function askingWhilePaused(
  recorder: Recorder,
  ask: AskPause,
  choose: (choice: PauseChoice) => void,
): Recorder {
  let asking: AbortController | undefined;
  const stop = (): void => asking?.abort();
  const begin = (why: PauseReason): void => {
    stop();
    const over = new AbortController();
    asking = over;
    const alive = setInterval(() => undefined, longMs);
    over.signal.addEventListener('abort', () => clearInterval(alive), { once: true });
    void ask(why, over.signal).then((said) => {
      if (said.ok && !over.signal.aborted) choose(said.value);
    });
  };
  const hear = (event: RunEvent): void => {
    if (event.type === 'run.paused') begin(event.why);
    else if (
      event.type === 'run.resumed' ||
      event.type === 'run.cancelling' ||
      event.type === 'run.ended'
    )
      stop();
  };
  return {
    event(event) {
      recorder.event(event);
      hear(event);
    },
    hide: (secrets) => recorder.hide(secrets),
    output: (task, options) => recorder.output(task, options),
  };
}
