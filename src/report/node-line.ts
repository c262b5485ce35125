import { formatDuration } from '../base/duration.ts';
import { unreachable } from '../base/unreachable.ts';
import { isSettled } from '../event/image-view.ts';
import { addressTexts } from './addresses.ts';
import { groupFate } from './describe-cause.ts';
import {
  alternatives,
  briefly,
  describeSkip,
  namesIn,
  roundly,
  serviceFate,
  stepFate,
} from './describe.ts';
import { signsOf } from './look.ts';
import { outcomeWords } from './outcome-words.ts';

import type { GroupView, NodeView, RunView, ServiceView, StepView } from '../event/view.ts';
import type { Look, Tone } from './look.ts';

/** `busy` is what a person watches; a `ready` service has nothing to be watched for just now. */
type Attention = 'pending' | 'busy' | 'ready' | 'done';

/** What is shown of one step, service or group while the run goes on. */
export interface NodeLine {
  readonly sign: string;
  readonly tone: Tone;
  /** What it does just now, or what became of it. */
  readonly text: string;
  readonly attention: Attention;
}

/** The state of a node at the moment `now`. */
export function nodeLine(node: NodeView, view: RunView, now: number, look: Look): NodeLine {
  switch (node.kind) {
    case 'group':
      return groupLine(node, view, now, look);
    case 'step':
      return stepLine(node, view, now, look);
    case 'service':
      return serviceLine(node, view, now, look);
    default:
      return unreachable(node);
  }
}

/** A time that goes on, in steps that do not flicker. */
export const ticking = (ms: number): string =>
  ms < 59_950 ? `${(Math.max(0, ms) / 1_000).toFixed(1)} s` : formatDuration(ms);

function groupLine(group: GroupView, view: RunView, now: number, look: Look): NodeLine {
  const { startedAt = now, attempt, end } = group;
  switch (group.state) {
    case 'pending':
      return pending(look);
    case 'running': {
      const again = attempt > 1 ? `, attempt ${attempt}` : '';
      return busy(signsOf(look).running, `${ticking(now - startedAt)}${again}`);
    }
    case 'asking':
      return waiting(look, asks(group, now));
    case 'retrying': {
      const fate = end ? groupFate(end, view) : 'failed';
      return waiting(look, `attempt ${attempt} ${fate}, trying again`);
    }
    case 'ended':
      return ended(group, view, look);
    default:
      return unreachable(group.state);
  }
}

function stepLine(step: StepView, view: RunView, now: number, look: Look): NodeLine {
  const signs = signsOf(look);
  const attempt = step.attempt > 1 ? `, attempt ${step.attempt}` : '';
  switch (step.state) {
    case 'pending':
      return pending(look);
    case 'waiting': {
      const waited = ticking(now - (step.waitingSince ?? now));
      return waiting(look, `waiting for ${namesIn(view, step.waitsFor)} (${waited})`);
    }
    case 'running':
      if (lacksImage(step, view)) {
        const waited = ticking(now - (step.startedAt ?? now));
        return waiting(look, `waiting for its image (${waited})${attempt}`);
      }
      return busy(
        signs.running,
        `${ticking(now - (step.startedAt ?? now))}${ofAll(step)}${attempt}`,
      );
    case 'asking':
      return waiting(look, asks(step, now));
    case 'retrying': {
      const fate = step.end ? stepFate(step.end) : 'failed';
      return waiting(look, `attempt ${step.attempt} ${fate}, trying again`);
    }
    case 'ended':
      return ended(step, view, look);
    default:
      return unreachable(step.state);
  }
}

const ofAll = ({ durationMs }: StepView): string =>
  durationMs === undefined ? '' : ` of ${roundly(durationMs)}`;

function asks({ asked }: StepView | GroupView, now: number): string {
  const { message, choices, since } = asked ?? { message: '', choices: [], since: now };
  if (choices[0] === 'give') return `${message} (${ticking(now - since)})`;
  return `asks: ${message} (${alternatives(choices)}, ${ticking(now - since)})`;
}

function serviceLine(service: ServiceView, view: RunView, now: number, look: Look): NodeLine {
  const since = ticking(now - (service.history.at(-1)?.at ?? now));
  switch (service.state) {
    case 'pending':
      return pending(look);
    case 'waiting':
      return waiting(look, `waiting for ${namesIn(view, service.waitsFor)} (${since})`);
    case 'starting':
      return lacksImage(service, view)
        ? waiting(look, `waiting for its image (${since})`)
        : waiting(look, `starting (${since})`);
    case 'running':
      return service.isProbed
        ? waiting(look, notReady(service, now))
        : up(service, 'running', since, look);
    case 'ready':
      return up(service, 'ready', since, look);
    case 'restarting':
      return waiting(look, `restarting (${since})`);
    case 'stopping':
      return waiting(look, `stopping (${since})`);
    case 'ended':
      return ended(service, view, look);
    default:
      return unreachable(service.state);
  }
}

/** Whether it has been told to start and waits for an image that is not there yet. */
function lacksImage({ image = '' }: StepView | ServiceView, { images }: RunView): boolean {
  const known = images.get(image);
  return known !== undefined && !isSettled(known);
}

/** A service that can be relied on. */
function up({ addresses }: ServiceView, word: string, since: string, look: Look): NodeLine {
  const { ready, dot } = signsOf(look);
  const at = addressTexts(addresses);
  return {
    sign: ready,
    tone: 'good',
    text: [word, since, ...at].join(` ${dot} `),
    attention: 'ready',
  };
}

function notReady({ asked, history }: ServiceView, now: number): string {
  const startedAt = history.findLast(({ state }) => state === 'starting')?.at ?? now;
  const open = asked.filter(({ passed }) => !passed);
  const heard = open.map(({ probe, times, answer }) => `${probe}: ${briefly(answer)} (${times} x)`);
  const time = `not ready for ${ticking(now - startedAt)}`;
  return heard.length === 0 ? time : `${time}, ${heard.join('; ')}`;
}

function ended(node: NodeView, view: RunView, look: Look): NodeLine {
  const { sign, tone, outcome } = outcomeWords(node, look);
  const { startedAt, endedAt } = node;
  const took =
    startedAt === undefined || endedAt === undefined ? '' : formatDuration(endedAt - startedAt);
  const why = tone === 'good' && !countsAsGood(node) ? '' : fateOf(node, view);
  const counts = countsAsGood(node) && outcome === 'succeeded' ? ', counts as succeeded' : '';
  const text = why === '' ? outcome : `${why}${counts}`;
  return { sign, tone, text: [text, took].filter(Boolean).join(', '), attention: 'done' };
}

/** It failed, and is taken for a success. */
const countsAsGood = (node: NodeView): boolean => node.kind !== 'service' && node.end !== undefined;

function fateOf(node: NodeView, view: RunView): string {
  if (node.kind === 'service') return node.end ? serviceFate(node.end).sentence : '';
  if (node.because?.kind === 'condition') return `skipped: ${describeSkip(node.because)}`;
  if (!node.end) return '';
  return node.kind === 'step' ? stepFate(node.end) : groupFate(node.end, view);
}

const pending = (look: Look): NodeLine => ({
  sign: signsOf(look).pending,
  tone: 'dim',
  text: '',
  attention: 'pending',
});

const waiting = (look: Look, text: string): NodeLine => ({
  sign: signsOf(look).waiting,
  tone: 'warn',
  text,
  attention: 'busy',
});

const busy = (sign: string, text: string): NodeLine => ({
  sign,
  tone: 'busy',
  text,
  attention: 'busy',
});
