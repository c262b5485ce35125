import { isAborted } from '../base/abort.ts';

import type { StepEnd } from '../event/outcome.ts';
import type { WaitStep } from '../plan/plan.ts';
import type { StageContext } from './run-context.ts';

/** Lets the time of a step that waits go by. Nothing: all of it has. */
export async function passTime(
  { durationMs }: WaitStep,
  timeoutMs: number | undefined,
  { clock }: StageContext,
  signal: AbortSignal,
): Promise<StepEnd | undefined> {
  const isTooLong = timeoutMs !== undefined && timeoutMs < durationMs;
  await clock.sleep(isTooLong ? timeoutMs : durationMs, signal);
  if (isAborted(signal)) return { kind: 'cancelled' };
  return isTooLong ? { kind: 'timed-out', afterMs: timeoutMs } : undefined;
}
