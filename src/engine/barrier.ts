import { servicesInSight } from './services-in-sight.ts';

import type { StepEnd } from '../event/outcome.ts';
import type { Service } from './service.ts';
import type { StageContext } from './run-context.ts';
import type { Step } from './step.ts';

/**
 * The barrier: waits until every service before the step can be relied on at one moment. A service
 * whose failure the pipeline ignores holds nobody up; one that the step `needs` must be there.
 */
export async function passBarrier(
  step: Step,
  context: StageContext,
  signal: AbortSignal,
): Promise<StepEnd | undefined> {
  const inSight = servicesInSight(step, context).map(({ id }) => context.services.get(id)!);
  const waitsFor = inSight.filter((service) => !service.isReady && !service.end);
  if (waitsFor.length > 0) {
    const services = waitsFor.map(({ spec }) => spec.id);
    context.recorder.event({ type: 'step.waiting', step: step.id, services });
  }
  const needs = step.kind === 'run' ? step.needs : [];
  const needed = needs.map((id) => context.services.get(id)!);
  for (;;) {
    const allSettled = Promise.all(inSight.map((service) => service.settled(signal)));
    const endOfNeeded = needed.filter(({ end }) => !end).map((service) => service.gone(signal));
    await Promise.race([allSettled, ...endOfNeeded]);
    if (signal.aborted) return undefined;
    const gone = needed.find(({ end }) => end && end.end.kind !== 'completed');
    if (gone) return { kind: 'needs', ...gone.asUnmet };
    if (inSight.every(canBeReliedOn)) return undefined;
  }
}

const canBeReliedOn = (service: Service): boolean => service.isReady || service.end !== undefined;
