import { isAborted } from '../base/abort.ts';
import { servicesOf } from '../plan/order.ts';
import { GroupAttempt } from './attempt.ts';
import { paceOf } from './pace.ts';
import { skip } from './skip.ts';
import { stopServices } from './stop-services.ts';

import type { GroupEnd, StepOutcome } from '../event/outcome.ts';
import type { Group } from '../plan/plan.ts';
import type { Surroundings } from './attempt.ts';
import type { StageContext } from './run-context.ts';
import type { Service } from './service.ts';

/** Runs what stands in a group once, and answers whether all of it came to a good end. */
export type RunMembers = (
  group: Group,
  context: StageContext,
  around: Surroundings,
) => Promise<boolean>;

/**
 * Runs a group to its end, in as many attempts as that takes and as it has, tells about it, and answers
 * its outcome. Each attempt runs all of it: services that it started are stopped before the next one,
 * whatever their scope, and start anew in it.
 */
export async function runGroup(
  group: Group,
  context: StageContext,
  around: Surroundings,
  runMembers: RunMembers,
): Promise<StepOutcome> {
  const { recorder, clock } = context;
  const pace = paceOf(group, context.variables);
  if (!pace.ok) return refuseGroup(group, pace.failure, context, around);
  const { attempts, backoffMs: delayMs, timeoutMs } = pace.value;
  for (let number = 1; ; number++) {
    recorder.event({ type: 'group.started', group: group.id, attempt: number });
    const attempt = attemptAt(group, around, number >= attempts);
    const over = new AbortController();
    if (timeoutMs !== undefined) void expire(attempt, timeoutMs, context, over.signal);
    const isDone = await runMembers(group, context, attempt);
    over.abort();
    const { end } = attempt;
    if (end && attempt.isToBeRetried) await stopServices(servicesBelow(group, context));
    else await stopServices(closingWith(group, context));
    if (!end) return ended(group, context, isDone ? 'succeeded' : 'cancelled');
    if (!attempt.isToBeRetried) {
      tellWaiting(group, context);
      return blame(group, end, context, around);
    }
    recorder.event({ type: 'group.retrying', group: group.id, attempt: number, end, delayMs });
    await clock.sleep(delayMs, around.signal);
    if (isAborted(around.signal)) {
      tellWaiting(group, context);
      return ended(group, context, 'cancelled');
    }
  }
}

/** Says of a group that it cannot begin, and that nothing in it does. */
export function refuseGroup(
  group: Group,
  detail: string,
  context: StageContext,
  around: Surroundings,
): StepOutcome {
  const attempt = attemptAt(group, around, true);
  attempt.refuse(detail);
  for (const member of group.members) skip(member, attempt.skipReason, context, attempt);
  return blame(group, { kind: 'refused', detail }, context, around);
}

const attemptAt = (
  { id, continueOnFail = false }: Group,
  around: Surroundings,
  isLast: boolean,
): GroupAttempt => new GroupAttempt(around, { group: id, isLast, continueOnFail });

async function expire(
  attempt: GroupAttempt,
  timeoutMs: number,
  { clock }: StageContext,
  signal: AbortSignal,
): Promise<void> {
  await clock.sleep(timeoutMs, signal);
  if (!signal.aborted) attempt.expire(timeoutMs);
}

function blame(
  group: Group,
  end: GroupEnd,
  context: StageContext,
  { signal }: Surroundings,
): StepOutcome {
  const isExcused = group.continueOnFail === true && !signal.aborted;
  const outcome = end.kind === 'timed-out' ? 'timed-out' : 'failed';
  return ended(group, context, isExcused ? 'ignored' : outcome, end);
}

function ended(
  { id: group }: Group,
  { recorder }: StageContext,
  outcome: StepOutcome,
  end: GroupEnd | undefined = outcome === 'cancelled' ? { kind: 'cancelled' } : undefined,
): StepOutcome {
  recorder.event({ type: 'group.ended', group, outcome, ...(end && { end }) });
  return outcome;
}

/** Whoever waits for a service of the group must hear that it does not come again after all. */
function tellWaiting(group: Group, context: StageContext): void {
  for (const service of servicesBelow(group, context)) service.lookAgain();
}

const servicesBelow = (group: Group, { services }: StageContext): readonly Service[] =>
  servicesOf(group).map(({ id }) => services.get(id)!);

/** The services whose scope is the group itself. */
export const closingWith = (group: Group, { services }: StageContext): readonly Service[] =>
  group.members
    .filter((member) => member.kind === 'service')
    .filter(({ scope }) => scope === 'group')
    .map(({ id }) => services.get(id)!);
