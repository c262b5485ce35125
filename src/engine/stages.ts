import { ok } from '../base/result.ts';
import { holds } from '../expression/condition.ts';
import { askInputs, forCondition, whyUnanswered } from './ask-inputs.ts';
import { nodesOf } from '../plan/order.ts';
import { Places } from './places.ts';
import { runStage } from './stage.ts';

import type { Cause, SkipReason, StepOutcome } from '../event/outcome.ts';
import type { Stage } from '../plan/plan.ts';
import type { NoAnswer } from './ask-person.ts';
import type { RunContext } from './run-context.ts';
import type { RunScope } from './run-scope.ts';
import type { StageResult, StageWorld } from './stage.ts';

/**
 * Runs stages in their order, those that stand beside each other at once, each if its turn finds
 * things as it wants them. Answers the commands that lead into what was left up.
 */
export async function runStages(
  stages: readonly Stage[],
  run: RunContext,
  scope: RunScope,
  world: StageWorld,
): Promise<readonly string[]> {
  const kept: string[] = [];
  let hasFailed = false;
  for (const together of batchesOf(stages)) {
    const start = (stage: Stage): Promise<StageResult> =>
      runOne(stage, hasFailed, run, scope, world);
    const results = await asThereIsRoom(together, start);
    kept.push(...results.flatMap((result) => result.kept));
    hasFailed ||= results.some(({ outcome }) => isBad(outcome));
  }
  return kept;
}

/** Runs stages at once, or of the copies of one as many as they say. */
function asThereIsRoom<T>(
  stages: readonly Stage[],
  start: (stage: Stage) => Promise<T>,
): Promise<T[]> {
  const rooms = new Map<string, Places>();
  const running = stages.map((stage) => {
    if (!stage.atOnce) return start(stage);
    const { of, most } = stage.atOnce;
    const places = rooms.get(of) ?? new Places(most);
    rooms.set(of, places);
    return places.take((leave) => start(stage).finally(leave));
  });
  return Promise.all(running);
}

/** Those that run together, by turns. */
function batchesOf(stages: readonly Stage[]): readonly Stage[][] {
  const batches: Stage[][] = [];
  for (const stage of stages) {
    const last = batches.at(-1);
    if (stage.beside === true && last) last.push(stage);
    else batches.push([stage]);
  }
  return batches;
}

async function runOne(
  stage: Stage,
  hasFailed: boolean,
  run: RunContext,
  scope: RunScope,
  world: StageWorld,
): Promise<StageResult> {
  const { after = 'success', when } = stage;
  while (run.gate.isPaused) await run.gate.opened();
  if (scope.signal.aborted) return skipStage(stage, scope.skipReason, run);
  if (after === 'success' && hasFailed) return skipStage(stage, { kind: 'failure' }, run);
  if (after === 'failure' && !hasFailed) return skipStage(stage, { kind: 'success' }, run);
  const early = stage.asks && (await askInputs(forCondition(stage), run, scope.signal));
  if (early) return leaveUnanswered(stage, early, run, scope);
  const held = when ? holds(when, run.variables) : ok(true);
  if (!held.ok)
    return refuseStage(stage, `its condition cannot be decided: ${held.failure}`, run, scope);
  if (!held.value) return skipStage(stage, { kind: 'condition' }, run);
  const missing = stage.asks && (await askInputs(stage, run, scope.signal));
  if (missing) return leaveUnanswered(stage, missing, run, scope);
  return await runStage(stage, run, scope, world);
}

/** Says of a stage and of everything in it that it does not run, and why. */
function skipStage(stage: Stage, because: SkipReason, run: RunContext): StageResult {
  run.recorder.event({ type: 'stage.ended', stage: stage.id, outcome: 'skipped', because });
  const inside = because.kind === 'condition' ? { ...because, stage: stage.id } : because;
  tellSkipped(stage, inside, run);
  return { outcome: 'skipped', kept: [] };
}

const leaveUnanswered = (
  stage: Stage,
  why: NoAnswer,
  run: RunContext,
  scope: RunScope,
): StageResult =>
  why.kind === 'cancelled'
    ? skipStage(stage, scope.skipReason, run)
    : refuseStage(stage, whyUnanswered(why), run, scope);

function refuseStage(stage: Stage, detail: string, run: RunContext, scope: RunScope): StageResult {
  const cause: Cause = { kind: 'stage', stage: stage.id, end: { kind: 'refused', detail } };
  scope.failStage(stage, cause);
  const outcome = stage.continueOnFail === true ? 'ignored' : 'failed';
  run.recorder.event({ type: 'stage.ended', stage: stage.id, outcome, cause });
  tellSkipped(stage, { kind: 'failure' }, run);
  return { outcome, kept: [] };
}

function tellSkipped({ root }: Stage, because: SkipReason, { recorder }: RunContext): void {
  const skipped = { outcome: 'skipped', because } as const;
  for (const { id, kind } of nodesOf(root)) {
    if (kind === 'service')
      recorder.event({ type: 'service.ended', service: id, end: { kind: 'skipped', because } });
    else if (kind === 'group') recorder.event({ type: 'group.ended', group: id, ...skipped });
    else recorder.event({ type: 'step.ended', step: id, ...skipped });
  }
}

const isBad = (outcome: StepOutcome): boolean =>
  outcome === 'failed' || outcome === 'timed-out' || outcome === 'cancelled';
