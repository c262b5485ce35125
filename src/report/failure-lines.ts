import { cleanLine } from './clean.ts';
import { causeTask, describeCause } from './describe-cause.ts';
import { listed, nameOf } from './describe.ts';
import { excerptLines } from './excerpt-lines.ts';
import { brokenService } from './broken.ts';
import { paint, signsOf } from './look.ts';
import { sentenceLines } from './sentence-lines.ts';
import { fit } from './width.ts';

import type { RunView } from '../event/view.ts';
import type { Excerpt, Failure } from './failure.ts';
import type { Page } from './look.ts';

/** Of a line that is told again no more is shown than a tail remembers. */
const longest = 2_000;

/** The failure of a run to be read from top to bottom: the cause, what was said, what followed. */
export function failureLines(view: RunView, failure: Failure, page: Page): string[] {
  const { bad, rule } = signsOf(page);
  const told = describeCause(view);
  const cause = brokenService(view);
  const [broken, others] = split(failure.services, ({ task }) => task === cause);
  const spoke = ({ task, lines }: Excerpt): boolean => lines.length > 0 || hasRun(view, task);
  return [
    paint(page, 'bad', rule.repeat(Math.min(page.columns, 60))),
    ...(told ? sentenceLines(`${bad} ${cleanLine(told.sentence)}`, page, 'bad') : []),
    ...(told?.hint === undefined ? [] : sentenceLines(`  ${cleanLine(told.hint)}`, page)),
    ...doubts(view, page),
    ...broken
      .map((excerpt) => withLastWords(view, excerpt))
      .filter(spoke)
      .flatMap((excerpt) => excerptLines('service', view, excerpt, page)),
    ...failure.steps.filter(spoke).flatMap((excerpt) => excerptLines('step', view, excerpt, page)),
    ...others
      .filter(({ lines }) => lines.length > 0)
      .flatMap((excerpt) => excerptLines('service', view, excerpt, page)),
    ...[...silent(view, others), ...consequences(view)].flatMap((line) =>
      sentenceLines(line, page),
    ),
  ];
}

/** What was told of the cause while it lived: often the reason behind it. */
function doubts(view: RunView, page: Page): string[] {
  const task = causeTask(view);
  return view.warnings
    .filter(({ about }) => about !== undefined && about === task)
    .flatMap(({ text }) =>
      sentenceLines(`  ${signsOf(page).warning} ${cleanLine(text)}`, page, 'warn'),
    );
}

/** What could not even start has nothing to say, and needs no word about that. */
function hasRun(view: RunView, id: string): boolean {
  const node = view.nodes.get(id);
  return node?.kind === 'step'
    ? node.does === 'run' && node.end?.kind !== 'launch'
    : node?.kind === 'service' && node.history.some(({ state }) => state === 'running');
}

// What the journal no longer gives, the event that told of the end may still know.
function withLastWords({ cause }: RunView, excerpt: Excerpt): Excerpt {
  if (excerpt.lines.length > 0 || cause?.kind !== 'service') return excerpt;
  return { ...excerpt, lines: cause.lastLines.map((line) => fit(cleanLine(line), longest, '...')) };
}

function silent(view: RunView, excerpts: readonly Excerpt[]): string[] {
  const names = excerpts
    .filter(({ task, lines }) => lines.length === 0 && livedOn(view, task))
    .map(({ task }) => `'${nameOf(view, task)}'`);
  if (names.length === 0) return [];
  return [
    '',
    `  ${names.length === 1 ? 'service' : 'services'} ${listed(names)} said nothing meanwhile`,
  ];
}

/** Whether it was there to say something; one that ended before its time is told of by itself. */
function livedOn(view: RunView, id: string): boolean {
  const node = view.nodes.get(id);
  return node?.startedAt !== undefined && !(node.kind === 'service' && node.verdict === 'ignore');
}

/** What did not happen because of the failure. */
function consequences(view: RunView): string[] {
  const cause = causeTask(view);
  const steps = [...view.nodes.values()].filter(
    (node) => node.kind === 'step' && node.id !== cause,
  );
  const named = (outcome: string): string[] =>
    steps
      .filter((step) => step.kind === 'step' && step.outcome === outcome)
      .filter((step) => step.kind === 'step' && step.because?.kind !== 'condition')
      .map(({ name }) => `'${name}'`);
  const sentences = [
    sentence(named('failed'), 'failed, too'),
    sentence(named('timed-out'), 'ran into its timeout', 'ran into their timeouts'),
    sentence(named('cancelled'), 'was cancelled', 'were cancelled'),
    sentence(named('skipped'), 'did not run'),
  ].filter((text) => text !== '');
  return sentences.length === 0 ? [] : ['', ...sentences.map((text) => `  ${text}`)];
}

function sentence(names: readonly string[], one: string, many = one): string {
  if (names.length === 0) return '';
  return names.length === 1 ? `step ${names[0] ?? ''} ${one}` : `steps ${listed(names)} ${many}`;
}

function split<T>(all: readonly T[], belongs: (one: T) => boolean): [T[], T[]] {
  return [all.filter(belongs), all.filter((one) => !belongs(one))];
}
