import { readOutputs } from './hand-over.ts';
import { mask } from './mask.ts';

import type { Task } from '../executor/executor.ts';
import type { RunStep } from '../plan/plan.ts';
import type { StageContext } from './run-context.ts';

/** Lets the run know what a step that succeeded has handed over, and tells it. */
export async function learnOutputs(
  { id: step, outputs = [] }: RunStep,
  task: Task,
  { recorder, timeMark, learn }: StageContext,
): Promise<void> {
  if (outputs.length === 0) return;
  const warn = (text: string): void => recorder.event({ type: 'warning', about: step, text });
  const text = await task.outputs();
  if (!text.ok) {
    warn(text.failure);
    return;
  }
  const given = readOutputs(text.value, timeMark);
  const told: Record<string, string> = {};
  for (const { name, as, isSecret } of outputs) {
    const value = given.get(name);
    if (value === undefined) {
      warn(`it has not set its output ${name}`);
      continue;
    }
    if (isSecret) recorder.hide([value]);
    learn(as, value);
    told[as] = isSecret ? mask : value;
  }
  if (Object.keys(told).length > 0) recorder.event({ type: 'step.outputs', step, outputs: told });
}
