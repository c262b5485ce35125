import { formatDuration } from '../base/duration.ts';
import { isServiceFailure } from '../event/outcome.ts';
import { paint, signsOf } from './look.ts';
import { pad, widthOf } from './width.ts';

import type { RunView, ServiceState, ServiceView, StepView } from '../event/view.ts';
import type { Look, Tone } from './look.ts';

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly what: keyof typeof unicodeBars;
}

const unicodeBars = { waiting: '·', step: '█', starting: '░', ready: '█', stopping: '▒' };
const asciiBars = { waiting: '.', step: '#', starting: '-', ready: '=', stopping: '~' };
const tones: Readonly<Record<Stretch['what'], Tone>> = {
  waiting: 'dim',
  step: 'busy',
  starting: 'dim',
  ready: 'good',
  stopping: 'warn',
};

const widestBar = 60;
const narrowestBar = 10;
const widestName = 24;

/**
 * When everything ran: a bar for each step in the order of the file, under them a longer one for
 * each service, over a scale. Empty when there is nothing to compare or no room for it.
 */
export function timeline(view: RunView, look: Look & { readonly columns: number }): string[] {
  const nodes = [...view.nodes.values()];
  const steps = nodes.filter((node) => node.kind === 'step' && begun(node) !== undefined);
  const services = nodes.filter((node) => node.kind === 'service' && begun(node) !== undefined);
  const rows = [...steps, ...services] as readonly (StepView | ServiceView)[];
  const end = view.endedAt ?? Math.max(view.startedAt, ...rows.map((row) => row.endedAt ?? 0));
  const span = end - view.startedAt;
  const names = Math.min(widestName, Math.max(0, ...rows.map(({ name }) => widthOf(name))));
  const width = Math.min(widestBar, look.columns - names - 4);
  if (rows.length < 2 || span <= 0 || width < narrowestBar) return [];
  const cellOf = (at: number): number => ((at - view.startedAt) / span) * width;
  const { ellipsis } = signsOf(look);
  const bars = rows.map((row) => {
    const stretches = row.kind === 'step' ? stepStretches(row, end) : serviceStretches(row, end);
    const bar = drawBar(stretches, endedBadly(row) ? row.endedAt : undefined, cellOf, width, look);
    return `  ${pad(row.name, names, ellipsis)}  ${bar}`.trimEnd();
  });
  return [...bars, `  ${' '.repeat(names)}  ${scale(span, width, look)}`];
}

const begun = (node: StepView | ServiceView): number | undefined =>
  node.kind === 'step' ? (node.waitingSince ?? node.startedAt) : node.history[0]?.at;

function stepStretches(step: StepView, end: number): Stretch[] {
  const { waitingSince, startedAt, endedAt = end, does } = step;
  const what = does === 'run' ? 'step' : 'waiting';
  return [
    ...(waitingSince === undefined
      ? []
      : [{ from: waitingSince, to: startedAt ?? endedAt, what: 'waiting' } as const]),
    ...(startedAt === undefined ? [] : [{ from: startedAt, to: endedAt, what } as const]),
  ];
}

const stretchOf: Readonly<Record<ServiceState, Stretch['what'] | undefined>> = {
  pending: undefined,
  waiting: 'waiting',
  starting: 'starting',
  running: 'starting',
  ready: 'ready',
  restarting: 'waiting',
  stopping: 'stopping',
  ended: undefined,
};

function serviceStretches({ history, isProbed }: ServiceView, end: number): Stretch[] {
  return history.flatMap(({ state, at }, index) => {
    const what = state === 'running' && !isProbed ? 'ready' : stretchOf[state];
    return what ? [{ from: at, to: history[index + 1]?.at ?? end, what }] : [];
  });
}

function endedBadly(row: StepView | ServiceView): boolean {
  if (row.kind === 'service') return row.end !== undefined && isServiceFailure(row.end);
  if (row.outcome === 'succeeded') return row.end !== undefined;
  return row.outcome === 'failed' || row.outcome === 'timed-out' || row.outcome === 'ignored';
}

function drawBar(
  stretches: readonly Stretch[],
  brokeAt: number | undefined,
  cellOf: (at: number) => number,
  width: number,
  look: Look,
): string {
  const bars = look.unicode ? unicodeBars : asciiBars;
  const cells = new Array<string>(width).fill(' ');
  for (const { from, to, what } of stretches) {
    const first = Math.min(width - 1, Math.round(cellOf(from)));
    const last = Math.max(first + 1, Math.round(cellOf(to)));
    cells.fill(paint(look, tones[what], bars[what]), first, Math.min(width, last));
  }
  if (brokeAt !== undefined) {
    const at = Math.max(0, Math.min(width, Math.round(cellOf(brokeAt))) - 1);
    cells[at] = paint(look, 'bad', look.unicode ? '×' : 'x');
  }
  return cells.join('').trimEnd();
}

function scale(span: number, width: number, look: Look): string {
  const end = formatDuration(span);
  const line = signsOf(look).rule.repeat(Math.max(1, width - end.length - 3));
  return paint(look, 'dim', `0 ${line} ${end}`);
}
