import type { NodeView, RunView, ServiceView } from '../../event/view.ts';
import type { RunState } from '../run-table.ts';

/** What CIX says of a pipeline. */
export const pipelineStatuses = [
  'ready',
  'loaded',
  'initializing',
  'running',
  'paused',
  'successful',
  'failed',
  'skipped',
] as const;

export type PipelineStatus = (typeof pipelineStatuses)[number];

/** What CIX says of a step. */
export type CixStepStatus = 'ready' | 'running' | 'successful' | 'failed' | 'skipped';

/** A run in CIX's words. One that was killed is skipped: CIX says so. */
export function pipelineStatus(outcome: RunState, view: RunView | undefined): PipelineStatus {
  switch (outcome) {
    case 'loaded':
      return view ? 'loaded' : 'ready';
    case 'starting':
      return 'initializing';
    case 'running':
      return goingOn(view);
    case 'succeeded':
      return 'successful';
    case 'failed':
    case 'lost':
      return 'failed';
    case 'cancelled':
      return 'skipped';
    default:
      return outcome satisfies never;
  }
}

/** Whether it has come to its end, as CIX means that. */
export const isTerminal = (status: PipelineStatus): boolean =>
  status === 'successful' || status === 'failed' || status === 'skipped';

function goingOn(view: RunView | undefined): PipelineStatus {
  if (!view) return 'initializing';
  const nothingYet = [...view.nodes.values()].every(({ state }) => state === 'pending');
  if (view.paused) return nothingYet ? 'loaded' : 'paused';
  return nothingYet ? 'initializing' : 'running';
}

/**
 * A step or service in CIX's words. A background step is successful as soon as it can be relied on, and fails
 * when it breaks.
 */
export function stepStatus(node: Exclude<NodeView, { kind: 'group' }>): CixStepStatus {
  if (node.state === 'pending') return 'ready';
  if (node.kind === 'service') return serviceStatus(node);
  if (node.state !== 'ended') return 'running';
  switch (node.outcome) {
    case 'succeeded':
    case 'ignored':
      return 'successful';
    case 'skipped':
    case undefined:
      return 'skipped';
    default:
      return 'failed';
  }
}

/** The same in a run that is lost: what went on then has failed, and what did not begin never does. */
export function lostStepStatus(node: Exclude<NodeView, { kind: 'group' }>): CixStepStatus {
  if (node.state === 'pending') return 'skipped';
  return node.state === 'ended' ? stepStatus(node) : 'failed';
}

function serviceStatus({ state, isProbed, end, verdict }: ServiceView): CixStepStatus {
  if (state === 'ended') {
    if (end?.kind === 'skipped') return 'skipped';
    return verdict === 'fail' ? 'failed' : 'successful';
  }
  const canBeReliedOn =
    state === 'ready' || state === 'stopping' || (state === 'running' && !isProbed);
  return canBeReliedOn ? 'successful' : 'running';
}
