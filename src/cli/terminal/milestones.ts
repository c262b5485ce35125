import { formatDuration } from '../../base/duration.ts';
import { addressWords } from '../../report/addresses.ts';
import { cleanLine } from '../../report/clean.ts';
import { groupFate } from '../../report/describe-cause.ts';
import {
  describeAsked,
  describeSkip,
  nameOf,
  namesIn,
  roundly,
  serviceFate,
  stepFate,
} from '../../report/describe.ts';
import { pauseHints, pauseWords } from '../../report/pause.ts';
import { answeredWords, askedWords } from './asking-words.ts';
import { imageNews } from './image-news.ts';
import { stageNews } from './stage-news.ts';

import type { Recorded, RunEvent } from '../../event/event.ts';
import type { SkipReason } from '../../event/outcome.ts';
import type { RunView } from '../../event/view.ts';

/** Something that happened, in a line. */
export interface Milestone {
  /** The step, service or group it is about; absent when it is about the run. */
  readonly about?: string;
  readonly kind: 'event' | 'good' | 'bad' | 'warning';
  readonly text: string;
}

/** Services that are ready sooner than this are not worth a word about their waiting. */
const patienceMs = 2_000;

/**
 * What is worth a line when it happens, told from the event and from the view that it has already
 * been folded into. `undefined` for what is not.
 */
export function milestone(event: Recorded<RunEvent>, view: RunView): Milestone | undefined {
  const told = tell(event, view);
  return told && { ...told, text: cleanLine(told.text) };
}

function tell(event: Recorded<RunEvent>, view: RunView): Milestone | undefined {
  switch (event.type) {
    case 'run.started':
      return { kind: 'event', text: `pipeline '${event.plan.name}', run ${event.run}` };
    case 'run.cancelling':
      return { kind: 'warning', text: cancelling(event) };
    case 'run.paused': {
      const kind = event.why.kind === 'failure' ? 'bad' : 'warning';
      return { kind, text: `${pauseWords(event.why, view)}; ${pauseHints(event.why, view)}` };
    }
    case 'run.resumed':
      return { kind: 'event', text: resumed(event, view) };
    case 'image.progress':
      return imageNews(event, view);
    case 'warning':
      return event.about !== undefined && view.nodes.has(event.about)
        ? { about: event.about, kind: 'warning', text: event.text }
        : { kind: 'warning', text: event.text };
    case 'stage.started':
    case 'stage.ended':
      return stageNews(event, view);
    case 'input.asked':
      return aboutNode(event.node, view, askedWords(event));
    case 'input.answered':
      return aboutNode(event.node, view, answeredWords(event));
    case 'step.waiting':
    case 'step.started':
    case 'step.retrying':
    case 'step.asked':
    case 'step.answered':
    case 'step.outputs':
    case 'step.ended':
      return tellStep(event, view);
    case 'group.started':
    case 'group.retrying':
    case 'group.asked':
    case 'group.answered':
    case 'group.ended':
      return tellGroup(event, view);
    case 'service.waiting':
    case 'service.starting':
    case 'service.running':
    case 'service.asked':
    case 'service.ready':
    case 'service.address':
    case 'service.stopping':
    case 'service.restarting':
    case 'service.ended':
      return tellService(event, view);
    default:
      return undefined;
  }
}

/** What a stage asks for is told of by its name. */
function aboutNode(id: string, view: RunView, text: string): Milestone {
  if (view.nodes.has(id)) return { about: id, kind: 'event', text };
  return { kind: 'event', text: `stage '${view.stages.get(id)?.name ?? id}': ${text}` };
}

function cancelling({ by, forced }: Extract<RunEvent, { type: 'run.cancelling' }>): string {
  return forced
    ? `${by} again: ending everything at once`
    : `${by}: stopping what runs, once more ends it at once`;
}

function resumed({ by, to }: Extract<RunEvent, { type: 'run.resumed' }>, view: RunView): string {
  if (to === 'all') return `${by} lets it go on`;
  return to === 'next'
    ? `${by} lets it go on by one`
    : `${by} lets it go on to '${nameOf(view, to.step)}'`;
}

function tellStep(
  event: Recorded<Extract<RunEvent, { step: string }>>,
  view: RunView,
): Milestone | undefined {
  const about = event.step;
  const node = view.nodes.get(about);
  switch (event.type) {
    case 'step.waiting':
      return { about, kind: 'event', text: `waiting for ${namesIn(view, event.services)}` };
    case 'step.started': {
      const again = event.attempt > 1 ? `, attempt ${event.attempt}` : '';
      return { about, kind: 'event', text: `started${again}` };
    }
    case 'step.retrying': {
      const next = `attempt ${event.attempt + 1} ${soon(event.delayMs)}`;
      return { about, kind: 'warning', text: `${stepFate(event.end)}; ${next}` };
    }
    case 'step.asked':
      return { about, kind: event.end ? 'warning' : 'event', text: askedWords(event) };
    case 'step.outputs':
      return undefined;
    case 'step.answered':
      return { about, kind: 'event', text: answeredWords(event) };
    case 'step.ended': {
      const took = node?.startedAt === undefined ? '' : formatDuration(event.at - node.startedAt);
      if (event.outcome === 'succeeded' && !event.end)
        return { about, kind: 'good', text: took === '' ? 'succeeded' : `succeeded in ${took}` };
      if (event.outcome === 'skipped') return tellSkip(about, event.because);
      const told = event.end && stepFate(event.end);
      const after = took === '' || saysAll(event) ? '' : ` after ${took}`;
      const text = `${told ?? event.outcome}${after}`;
      if (event.outcome === 'succeeded')
        return { about, kind: 'warning', text: `${text}; it counts as succeeded` };
      return event.outcome === 'ignored'
        ? { about, kind: 'warning', text: `${text}; the run goes on` }
        : { about, kind: event.outcome === 'cancelled' ? 'event' : 'bad', text };
    }
    default:
      event satisfies never;
      return undefined;
  }
}

/** Whether there is nothing to be added to how a step ended, such as how long that took. */
const saysAll = ({ outcome, end }: Extract<RunEvent, { type: 'step.ended' }>): boolean =>
  outcome === 'timed-out' || end?.kind === 'rejected' || end?.kind === 'unanswered';

const soon = (delayMs: number): string => (delayMs === 0 ? 'at once' : `in ${roundly(delayMs)}`);

/** What stands in a skipped group is told of with it. */
function tellSkip(about: string, because: SkipReason | undefined): Milestone | undefined {
  if (because?.kind !== 'condition') return { about, kind: 'event', text: 'skipped' };
  if (because.group !== undefined) return undefined;
  return { about, kind: 'event', text: `skipped: ${describeSkip(because)}` };
}

/** Of a group only what its steps do not tell. */
function tellGroup(
  event: Recorded<Extract<RunEvent, { group: string }>>,
  view: RunView,
): Milestone | undefined {
  const about = event.group;
  switch (event.type) {
    case 'group.started': {
      const { attempt = 1 } = event;
      return attempt > 1
        ? { about, kind: 'event', text: `started, attempt ${attempt}` }
        : undefined;
    }
    case 'group.retrying': {
      const next = `attempt ${event.attempt + 1} ${soon(event.delayMs)}`;
      return { about, kind: 'warning', text: `${groupFate(event.end, view)}; ${next}` };
    }
    case 'group.asked':
      return { about, kind: 'warning', text: askedWords(event) };
    case 'group.answered':
      return { about, kind: 'event', text: answeredWords(event) };
    case 'group.ended': {
      const { outcome, end, because } = event;
      if (because?.kind === 'condition') return tellSkip(about, because);
      if (!end || end.kind === 'cancelled') return undefined;
      const text = groupFate(end, view);
      if (outcome === 'ignored')
        return { about, kind: 'warning', text: `${text}; the run goes on` };
      if (outcome === 'succeeded')
        return { about, kind: 'warning', text: `${text}; it counts as succeeded` };
      return end.kind === 'failed' ? undefined : { about, kind: 'bad', text };
    }
    default:
      event satisfies never;
      return undefined;
  }
}

function tellService(
  event: Recorded<Extract<RunEvent, { service: string }>>,
  view: RunView,
): Milestone | undefined {
  const about = event.service;
  const node = view.nodes.get(about);
  switch (event.type) {
    case 'service.waiting':
      return { about, kind: 'event', text: `waiting for ${namesIn(view, event.needs)}` };
    case 'service.starting':
      return event.start > 1
        ? { about, kind: 'event', text: `starting again (start ${event.start})` }
        : { about, kind: 'event', text: 'starting in the background' };
    case 'service.running':
      return { about, kind: 'event', text: `running: ${event.label}` };
    case 'service.asked': {
      const waited = event.at - (startOf(node) ?? event.at);
      if (waited < patienceMs || event.asked.every(({ passed }) => passed)) return undefined;
      const answers = describeAsked(event.asked);
      return {
        about,
        kind: 'event',
        text: `not ready after ${formatDuration(waited)}: ${answers}`,
      };
    }
    case 'service.ready':
      return { about, kind: 'good', text: `ready after ${formatDuration(event.afterMs)}` };
    case 'service.address':
      if (event.addresses.length === 0) return undefined;
      return { about, kind: 'event', text: `reached at ${addressWords(event.addresses)}` };
    case 'service.stopping': {
      const grace = roundly(event.graceMs);
      return { about, kind: 'event', text: `stopping with ${event.signal}, ${grace} of grace` };
    }
    case 'service.left':
      return { about, kind: 'event', text: 'left running' };
    case 'service.restarting': {
      const { sentence } = serviceFate(event.end);
      const which = `restart ${event.nth} of ${event.times} ${soon(event.delayMs)}`;
      return { about, kind: 'warning', text: `${sentence}; ${which}` };
    }
    case 'service.ended':
      return tellServiceEnd(event);
    default:
      event satisfies never;
      return undefined;
  }
}

function tellServiceEnd({
  service: about,
  end,
  verdict,
}: Extract<RunEvent, { type: 'service.ended' }>): Milestone | undefined {
  if (end.kind === 'stopped') return { about, kind: 'good', text: 'stopped' };
  if (end.kind === 'skipped' && end.because.kind === 'condition')
    return tellSkip(about, end.because);
  const { sentence, hint } = serviceFate(end);
  const text = hint === undefined ? sentence : `${sentence}; ${hint}`;
  if (verdict === 'fail') return { about, kind: 'bad', text };
  if (verdict === 'ignore') return { about, kind: 'warning', text: `${text}; the run goes on` };
  return { about, kind: end.kind === 'killed-after-grace' ? 'warning' : 'event', text };
}

function startOf(node: ReturnType<RunView['nodes']['get']>): number | undefined {
  if (node?.kind !== 'service') return node?.startedAt;
  return node.history.findLast(({ state }) => state === 'starting')?.at;
}
