import { isBeginning } from '../event/begun.ts';

import type { Recorder } from '../event/event.ts';

/** A recorder that says when something of its run begins, or its end does; perhaps more than once. */
export function tellingBegin(recorder: Recorder, onBegin: (() => void) | undefined): Recorder {
  if (!onBegin) return recorder;
  return {
    event(event) {
      recorder.event(event);
      if (isBeginning(event)) onBegin();
    },
    hide: (secrets) => recorder.hide(secrets),
    output: (task, options) => recorder.output(task, options),
  };
}
