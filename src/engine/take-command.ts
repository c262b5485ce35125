import { fail, ok } from '../base/result.ts';
import { unreachable } from '../base/unreachable.ts';
import { nodesOfPlan, parallelAround } from '../plan/order.ts';

import type { Result } from '../base/result.ts';
import type { Answer, Choice } from '../event/question.ts';
import type { CommandRefusal, ResumeTo, RunCommand } from '../event/run-command.ts';
import type { Plan } from '../plan/plan.ts';
import type { Gate } from './gate.ts';
import type { Questions } from './questions.ts';

/** A variable that somebody gives to a run. */
export interface GivenVariable {
  readonly name: string;
  readonly value: string;
  readonly secret?: boolean | undefined;
  /** Absent: whoever started the run. */
  readonly by?: string;
}

/** What of a run takes its commands. */
export interface Commanded {
  readonly plan: Plan;
  readonly gate: Gate;
  readonly questions: Questions;
  cancel(by: string): void;
  warn(text: string): void;
  /** Lets what begins from now on have a variable. */
  setVariable(given: GivenVariable): void;
}

/** Does what a run is asked, or says why it does not. */
export function takeCommand(command: RunCommand, run: Commanded): Result<void, CommandRefusal> {
  switch (command.do) {
    case 'pause':
      return run.gate.pause({ kind: 'asked', by: command.by })
        ? ok(undefined)
        : fail({ kind: 'run-ending' });
    case 'resume':
      return resume(command.to, command.by, run);
    case 'kill':
      run.cancel(command.by);
      return ok(undefined);
    case 'answer':
      return takeAnswer(command.choice, 'answer', command, run);
    case 'approve':
      return takeAnswer('approve', 'approval', command, run);
    case 'reject':
      return takeAnswer('reject', 'approval', command, run);
    case 'set':
      run.setVariable(command);
      return ok(undefined);
    default:
      return unreachable(command);
  }
}

interface Given {
  readonly by: string;
  readonly step: string;
  readonly comment?: string | undefined;
  readonly inputs?: Answer['inputs'] | undefined;
  readonly secrets?: readonly string[] | undefined;
}

function takeAnswer(
  choice: Choice,
  wanted: 'approval' | 'answer',
  { by, step, comment, inputs = {}, secrets }: Given,
  { plan, questions }: Commanded,
): Result<void, CommandRefusal> {
  const isStage = plan.stages.some(({ id, name }) => id === step || name === step);
  const known = namesOf(step, plan);
  if (!known.ok && !isStage) return known;
  const said = { ...(comment !== undefined && { comment }), ...(secrets && { secrets }) };
  return questions.answer(step, { choice, by, inputs, ...said }, wanted);
}

function resume(to: ResumeTo, by: string, run: Commanded): Result<void, CommandRefusal> {
  const { plan, gate } = run;
  if (to === 'all' || to === 'next')
    return gate.resume({ by, to }) ? ok(undefined) : fail({ kind: 'not-paused' });
  const named = namesOf(to.step, plan);
  if (!named.ok) return named;
  const step = named.value.find((id) => !gate.isOver(id));
  if (step === undefined) return fail({ kind: 'step-over', step: to.step });
  // What stands beside it is not held up by its end.
  const whole = parallelAround(step, plan);
  if (!gate.resume({ by, to: { step: whole?.id ?? step } })) return fail({ kind: 'not-paused' });
  if (whole)
    run.warn(`'${to.step}' stands in the parallel group '${whole.name}': all of that runs`);
  return ok(undefined);
}

/** The ids of the steps, services and groups that are meant by an id or a name. */
function namesOf(step: string, plan: Plan): Result<readonly string[], CommandRefusal> {
  const nodes = nodesOfPlan(plan);
  const byId = nodes.filter(({ id }) => id === step);
  const meant = byId.length > 0 ? byId : nodes.filter(({ name }) => name === step);
  if (meant.length > 0) return ok(meant.map(({ id }) => id));
  const known = [...new Set(nodes.map(({ name }) => name))];
  return fail({ kind: 'unknown-step', step, known });
}
