import { unreachable } from '../base/unreachable.ts';
import { restartDelayMs } from './service-state.ts';
import { imageOf } from './task-wish.ts';

import type { Service } from '../plan/plan.ts';
import type { RunContext } from './run-context.ts';
import type { ServiceState } from './service-state.ts';

/** Tells that a service has come into a state. `startedAt` is when its latest start ran. */
export function tellState(
  state: ServiceState,
  { id: service, stop, onExit, ready, command }: Service,
  startedAt: number | undefined,
  context: RunContext,
): void {
  const { recorder, clock } = context;
  switch (state.kind) {
    case 'starting':
      recorder.event({
        type: 'service.starting',
        service,
        start: state.start,
        ...imageOf(command, context),
      });
      return;
    case 'ready': {
      if (ready.length === 0) return;
      const now = clock.now();
      recorder.event({ type: 'service.ready', service, afterMs: now - (startedAt ?? now) });
      return;
    }
    case 'stopping':
      recorder.event({ type: 'service.stopping', service, ...stop });
      return;
    case 'restarting':
      if (onExit.kind !== 'restart') return;
      recorder.event({
        type: 'service.restarting',
        service,
        end: state.end,
        nth: state.start,
        times: onExit.times,
        delayMs: restartDelayMs(onExit.backoffMs, state.start),
      });
      return;
    // That it runs and that it has ended is told with what is known then: its process, its verdict.
    case 'waiting':
    case 'cancelling':
    case 'running':
    case 'clearing':
    case 'ended':
      return;
    default:
      unreachable(state);
  }
}
