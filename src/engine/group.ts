import { isAborted } from '../base/abort.ts';
import { servicesOf } from '../plan/order.ts';
import { askWhatToDo } from './ask-what-to-do.ts';
import { GroupAttempt } from './attempt.ts';
import { paceOf, rulesOf } from './pace.ts';
import { Remedies, Uses } from './remedies.ts';
import { skip } from './skip.ts';
import { stopServices } from './stop-services.ts';

import type { GroupEnd, StepOutcome } from '../event/outcome.ts';
import type { Group } from '../plan/plan.ts';
import type { Surroundings } from './attempt.ts';
import type { AskAction, Decision } from './remedies.ts';
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
  const { recorder, clock, gate } = context;
  const pace = paceOf(group, context.variables);
  if (!pace.ok) return refuseGroup(group, pace.failure, context, around);
  const { rules, timeoutMs } = pace.value;
  const passesOn = group.anew === 'around';
  const rule = { group: group.id, passesOn, remedies: new Remedies(rules), anew: new Uses() };
  for (let number = 1; ; number++) {
    recorder.event({ type: 'group.started', group: group.id, attempt: number });
    const attempt = new GroupAttempt(around, rule);
    const over = new AbortController();
    if (timeoutMs !== undefined)
      void gate.expire(timeoutMs, clock, over.signal, () => attempt.expire(timeoutMs));
    const isDone = await runMembers(group, context, attempt);
    over.abort();
    // Its services live on in a pause.
    if (servicesBelow(group, context).length > 0) while (gate.isPaused) await gate.opened();
    const { end } = attempt;
    // Of a question that nobody answers, another one may follow.
    while (end && attempt.remedy.kind === 'ask') {
      const said = await askAbout(group, end, attempt.remedy, context, around);
      // What follows from that waits as every failure does.
      while (gate.isPaused) await gate.opened();
      attempt.decide(said);
    }
    if (end && attempt.isToBeRetried) {
      attempt.close();
      await stopServices(servicesBelow(group, context));
    } else await stopServices(closingWith(group, context));
    if (!end) return ended(group, context, isDone ? 'succeeded' : 'cancelled');
    if (!attempt.isToBeRetried) {
      tellWaiting(group, context);
      return blame(group, attempt, context, around);
    }
    const { remedy } = attempt;
    const delayMs = remedy.kind === 'retry' ? remedy.delayMs : 0;
    recorder.event({ type: 'group.retrying', group: group.id, attempt: number, end, delayMs });
    // What breaks meanwhile ends the wait, though something else may begin afterwards.
    const { signal } = around;
    await clock.sleep(delayMs, signal);
    if (isAborted(signal)) {
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
  const last = new Remedies(rulesOf(group)).atLast();
  const remedies = new Remedies([{ action: last }]);
  const rule = { group: group.id, passesOn: false, remedies, anew: new Uses() };
  const attempt = new GroupAttempt(around, rule);
  attempt.refuse(detail);
  for (const member of group.members) skip(member, attempt.skipReason, context, attempt);
  return blame(group, attempt, context, around);
}

/** Its services live on meanwhile. */
async function askAbout(
  { id, name }: Group,
  end: GroupEnd,
  action: AskAction,
  context: StageContext,
  { signal }: Surroundings,
): Promise<Decision | undefined> {
  if (signal.aborted) return undefined;
  return await askWhatToDo({ group: id, name, end }, action, context, signal);
}

function blame(
  group: Group,
  { end, remedy }: GroupAttempt,
  context: StageContext,
  { signal }: Surroundings,
): StepOutcome {
  const asItWas = end?.kind === 'timed-out' ? 'timed-out' : 'failed';
  const mended = signal.aborted ? undefined : outcomes[remedy.kind];
  return ended(group, context, mended ?? asItWas, end);
}

/** What a failure is turned into. */
const outcomes: Partial<Record<Decision['kind'] | 'ask', StepOutcome>> = {
  ignore: 'ignored',
  succeed: 'succeeded',
};

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
