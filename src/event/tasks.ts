import type { RunEvent } from './event.ts';

/** The task that starts with this event, for the first time or again. */
export function startedTask(event: RunEvent): string | undefined {
  if (event.type === 'step.started') return event.step;
  return event.type === 'service.starting' ? event.service : undefined;
}

/** The task whose output is complete with this event, for good or until it starts again. */
export function endedTask(event: RunEvent): string | undefined {
  if (event.type === 'step.ended' || event.type === 'step.retrying') return event.step;
  if (event.type === 'service.ended' || event.type === 'service.restarting') return event.service;
  return undefined;
}
