import { shortIdOf } from '../../base/short-id.ts';
import { nodesOfPlan } from '../../plan/order.ts';
import { cleanLine } from '../../report/clean.ts';
import { describeCause } from '../../report/describe-cause.ts';
import { listed, nameOf, stepFate } from '../../report/describe.ts';
import { jsonLine } from '../../report/json-line.ts';
import { remarks } from '../../report/summary.ts';
import { isEndSignal } from '../signals.ts';
import { newsworthy } from './plain-reporter.ts';

import type { Recorded, RunEvent } from '../../event/event.ts';
import type { RunView } from '../../event/view.ts';
import type { CixLevel } from './cix-level.ts';
import type { Milestone } from './milestones.ts';

/** What is said of an event in CIX's own log. */
export interface CixLine {
  readonly level: CixLevel;
  readonly text: string;
}

/**
 * The lines of CIX's own log for each event of a run, told from the event and from the view that it
 * has already been folded into. Where CIX has words, they are CIX's; what it knows nothing of is told as
 * everywhere else. The most talkative level has every event whole.
 */
export function cixLines(): (event: Recorded<RunEvent>, view: RunView) => readonly CixLine[] {
  const newsOf = newsworthy();
  return (event, view) => {
    const whole = { level: 'silly', text: jsonLine(event).trimEnd() } as const;
    const news = newsOf(event, view);
    const told = inCixWords(event, view, news) ?? inOurWords(news, event, view);
    return [whole, ...told.map(({ level, text }) => ({ level, text: cleanLine(text) }))];
  };
}

/** `undefined` where CIX has no words of its own. */
function inCixWords(
  event: Recorded<RunEvent>,
  view: RunView,
  news: Milestone | undefined,
): readonly CixLine[] | undefined {
  switch (event.type) {
    case 'run.started':
      return [info(`Starting Pipeline: ${event.run}`), info(`Starting ${rootGroup(view)}`)];
    case 'run.cancelling':
      return [warn(cancelling(event))];
    case 'run.ended':
      return runEnd(view);
    case 'group.started':
      return [info(`Starting ${groupWords(event.group, view)}${after('started', news)}`)];
    case 'group.ended':
      return groupEnd(event, view, news);
    case 'step.started':
      return [info(`Starting step '${nameOf(view, event.step)}'${again(event.attempt)}`)];
    case 'step.ended':
      return stepEnd(event, view, news);
    case 'service.starting':
      return [info(`Starting step '${nameOf(view, event.service)}'${again(event.start)}`)];
    case 'service.ended':
      return event.end.kind === 'skipped'
        ? [info(`Skipping step '${nameOf(view, event.service)}'${after('skipped', news)}`)]
        : undefined;
    default:
      return undefined;
  }
}

function cancelling({ by, forced }: Extract<RunEvent, { type: 'run.cancelling' }>): string {
  const asked = `${isEndSignal(by) ? 'Received' : 'Killed by'} ${whoOf(by)}`;
  if (forced) return `${asked} again, ending everything at once`;
  return isEndSignal(by) ? `${asked} shutting down CIX, please wait...` : asked;
}

/** A signal, a person, or a run that was to come before. */
const whoOf = (by: string): string => (isEndSignal(by) ? `SIG${by}` : by);

/** What our words say beyond the one that CIX says in its own way: an attempt, a reason. */
const after = (word: string, news: Milestone | undefined): string =>
  news?.text.startsWith(word) === true ? news.text.slice(word.length) : '';

const again = (attempt: number): string => (attempt > 1 ? `, attempt ${attempt}` : '');

function stepEnd(
  { step, outcome, end }: Extract<RunEvent, { type: 'step.ended' }>,
  view: RunView,
  news: Milestone | undefined,
): readonly CixLine[] {
  const name = nameOf(view, step);
  const fate = end ? stepFate(end) : outcome;
  switch (outcome) {
    case 'succeeded':
      return end
        ? [warn(`Step '${name}' ${fate}; it counts as succeeded`)]
        : [info(`Successfully completed step '${name}'`)];
    case 'skipped':
      return [info(`Skipping step '${name}'${after('skipped', news)}`)];
    case 'ignored':
      return [warn(`Step '${name}' ${fate}; the pipeline continues`)];
    case 'cancelled':
      return [warn(`Step '${name}' ${fate}`)];
    default:
      return [error(`Step '${name}' ${fate}`)];
  }
}

function groupEnd(
  { group, outcome }: Extract<RunEvent, { type: 'group.ended' }>,
  view: RunView,
  news: Milestone | undefined,
): readonly CixLine[] {
  const words = groupWords(group, view);
  const why = news ? `: ${news.text}` : '';
  switch (outcome) {
    case 'succeeded':
      return [why === '' ? info(`Completed ${words}`) : warn(`Failed ${words}${why}`)];
    case 'skipped':
      return [info(`Skipping ${words}${after('skipped', news)}`)];
    case 'ignored':
      return [warn(`Failed ${words}${why === '' ? '; the pipeline continues' : why}`)];
    case 'cancelled':
      return [warn(`Cancelled ${words}`)];
    default:
      return [error(`Failed ${words}${why}`)];
  }
}

function runEnd(view: RunView): readonly CixLine[] {
  switch (view.outcome) {
    case 'succeeded': {
      const but = remarks(view);
      return [
        info(`Completed ${rootGroup(view)}`),
        but.length === 0
          ? info('Pipeline completed successfully')
          : warn(`Pipeline completed successfully, although ${listed(but)}`),
      ];
    }
    case 'cancelled':
      return [warn(`Pipeline was cancelled by ${whoOf(view.cancelledBy ?? 'INT')}`)];
    default: {
      const cause = describeCause(view);
      const why = cause ? `: ${cause.sentence}${cause.hint ? `; ${cause.hint}` : ''}` : '';
      return [error(`Pipeline failed${why}`)];
    }
  }
}

const rootGroup = ({ run, plan }: RunView): string =>
  `${plan.stages[0]?.root.order ?? 'serial'} step group 'Pipeline ${shortIdOf(run)}'`;

function groupWords(id: string, view: RunView): string {
  const group = nodesOfPlan(view.plan).find((node) => node.id === id);
  const order = group?.kind === 'group' ? group.order : 'serial';
  return `${order} step group '${nameOf(view, id)}'`;
}

const levelOf: Readonly<Record<Milestone['kind'], CixLevel>> = {
  event: 'info',
  good: 'info',
  warning: 'warn',
  bad: 'error',
};

const whatItIs = { step: 'Step', service: 'Service', group: 'Step group' } as const;

function inOurWords(
  told: Milestone | undefined,
  event: Recorded<RunEvent>,
  view: RunView,
): readonly CixLine[] {
  if (!told) return [];
  const { about, kind, text } = told;
  const level = event.type === 'service.address' ? 'debug' : levelOf[kind];
  if (about === undefined) return [{ level, text }];
  const word = whatItIs[view.nodes.get(about)?.kind ?? 'step'];
  return [{ level, text: `${word} '${nameOf(view, about)}': ${text}` }];
}

const info = (text: string): CixLine => ({ level: 'info', text });
const warn = (text: string): CixLine => ({ level: 'warn', text });
const error = (text: string): CixLine => ({ level: 'error', text });
