import { unreachable } from '../base/unreachable.ts';

import type { Cause, GroupEnd, StepEnd } from '../event/outcome.ts';
import type { FailureKind } from '../plan/failure-rules.ts';

/** What rules know an end by; an end that is nobody's failure has no kind. */
export function failureKindOf(end: StepEnd | GroupEnd): FailureKind | undefined {
  switch (end.kind) {
    case 'exited':
      return 'exited';
    case 'launch':
      return end.failure.kind === 'imageUnavailable' ? 'image' : 'start';
    case 'timed-out':
      return 'isUnanswered' in end ? 'unanswered' : 'timed-out';
    case 'rejected':
    case 'unanswered':
    case 'needs':
      return end.kind;
    case 'refused':
      return 'start';
    case 'failed':
      return kindOfCause(end.cause);
    case 'cancelled':
      return undefined;
    default:
      return unreachable(end);
  }
}

function kindOfCause(cause: Cause): FailureKind | undefined {
  switch (cause.kind) {
    case 'step':
    case 'group':
    case 'stage':
    case 'run':
      return failureKindOf(cause.end);
    case 'service':
      return 'needs';
    // Of what an environment lacks, only images fail single steps.
    case 'environment':
      return 'image';
    default:
      return unreachable(cause);
  }
}
