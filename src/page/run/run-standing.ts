import { formatDuration } from '../../base/duration.ts';
import { openQuestions } from '../../event/open-questions.ts';
import { describeCause } from '../../report/describe-cause.ts';
import { listed, namesIn } from '../../report/describe.ts';
import { pauseWords } from '../../report/pause.ts';
import { remarks } from '../../report/summary.ts';
import { pausedBadge, standings } from '../look/standing.ts';

import type { RunView } from '../../event/view.ts';
import type { Standing } from '../api/wire.ts';
import type { BadgeProps } from '../look/badge.tsx';

/** How a run stands, in a badge and a sentence. */
export interface RunStanding {
  readonly badge: BadgeProps;
  /** What is to be known besides, or what is waited for. Empty: nothing. */
  readonly sentence: string;
}

/** How a run stands now; `outcome` is what the server told at its end. */
export function standingOf(view: RunView, outcome: Standing | undefined): RunStanding {
  const known = view.outcome ?? (outcome === 'running' ? undefined : outcome);
  if (known === undefined) return whileItRuns(view);
  return { badge: standings[known], sentence: afterwards(view, known) };
}

function afterwards(view: RunView, outcome: Standing): string {
  switch (outcome) {
    case 'succeeded': {
      const but = remarks(view);
      return but.length === 0 ? '' : `Although ${but.join(', and ')}.`;
    }
    case 'failed': {
      const cause = describeCause(view);
      return cause ? `${cause.sentence}.` : '';
    }
    case 'cancelled':
      return view.cancelledBy === undefined ? '' : `Cancelled by ${view.cancelledBy}.`;
    case 'lost':
      return 'The process that carried it out is gone; what it left is removed.';
    case 'starting':
    case 'loaded':
    case 'running':
      return '';
    default:
      return outcome satisfies never;
  }
}

function whileItRuns(view: RunView): RunStanding {
  if (view.paused) {
    const words = pauseWords(view.paused.why, view);
    const badge = view.paused.why.kind === 'loaded' ? standings.loaded : pausedBadge;
    return { badge, sentence: `${words[0]!.toUpperCase()}${words.slice(1)}.` };
  }
  if (view.cancelledBy !== undefined)
    return {
      badge: { ...standings.running, word: 'ending' },
      sentence: `${view.cancelledBy} asked for its end.`,
    };
  return { badge: standings.running, sentence: waitsFor(view) };
}

/** What holds everything up, where something does. */
function waitsFor(view: RunView): string {
  const nodes = [...view.nodes.values()];
  const asking = openQuestions(view).map(({ name }) => name);
  if (asking.length > 0) return `Waiting for an answer: ${listed(asking)}.`;
  const waiting = nodes.filter((node) => node.kind === 'step' && node.state === 'waiting');
  const services = new Set(waiting.flatMap((step) => (step.kind === 'step' ? step.waitsFor : [])));
  if (services.size === 0) return '';
  const names = waiting.map(({ name }) => name).join(', ');
  return `${names} ${waiting.length === 1 ? 'waits' : 'wait'} for ${namesIn(view, [...services])}.`;
}

/** Whether a run that goes on has anything left that a pause would hold up; its end is held up by none. */
export const canPause = ({ paused, cancelledBy, nodes }: RunView): boolean =>
  !paused &&
  cancelledBy === undefined &&
  [...nodes.values()].some(({ kind, state }) =>
    kind === 'service' ? state === 'pending' : state !== 'ended',
  );

/** How long a run has taken. */
export const durationOf = ({ startedAt, endedAt }: RunView, now: number): string =>
  formatDuration(Math.max(0, (endedAt ?? now) - startedAt));
