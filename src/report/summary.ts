import { formatDuration } from '../base/duration.ts';
import { unreachable } from '../base/unreachable.ts';
import { cleanLine } from './clean.ts';
import { causeTask, describeCause } from './describe-cause.ts';
import { count, listed, nameOf } from './describe.ts';
import { failureLines } from './failure-lines.ts';
import { paint, signsOf } from './look.ts';
import { lostLines } from './lost-services.ts';
import { sentenceLines } from './sentence-lines.ts';
import { outcomeTable } from './outcome-table.ts';
import { briefDetail, testLines } from './tests.ts';
import { timeline } from './timeline.ts';

import type { RunView } from '../event/view.ts';
import type { Excerpt, Failure } from './failure.ts';
import type { Page, Tone } from './look.ts';

/**
 * What became of a run, from the cause of its failure, if it failed, down to one last line that
 * says it all: a log is read from its end. `lost` are the services whose failure did not count.
 */
export function summaryLines(
  view: RunView,
  failure: Failure | undefined,
  page: Page,
  lost: readonly Excerpt[] = [],
): string[] {
  const when = timeline(view, page);
  const tests = testLines(view, briefDetail, page);
  return [
    ...(failure ? ['', ...failureLines(view, failure, page)] : []),
    '',
    ...outcomeTable(view, page),
    ...(when.length === 0 ? [] : ['', ...when]),
    ...(tests.length === 0 ? [] : ['', ...tests]),
    '',
    ...lostLines(view, lost, page),
    ...warningLines(view, failure ? causeTask(view) : undefined, page),
    ...lastWords(view, page),
    ...keptLines(view, page),
  ];
}

/** What was told of the cause stands beside it. */
function warningLines(view: RunView, cause: string | undefined, page: Page): string[] {
  const { warning } = signsOf(page);
  return view.warnings
    .filter(({ about }) => about === undefined || about !== cause)
    .flatMap(({ about, text }) => {
      const whose = about === undefined ? '' : `${nameOf(view, about)}: `;
      return sentenceLines(`${warning} ${cleanLine(whose + text)}`, page, 'warn');
    });
}

/** How to get into what was left up, and how to be rid of it. */
function keptLines({ kept }: RunView, page: Page): string[] {
  if (!kept) return [];
  return [
    '',
    paint(page, 'warn', `${signsOf(page).warning} its containers are kept`),
    ...(kept.length === 0 ? [] : ['  to get in:']),
    ...kept.map((command) => `    ${cleanLine(command)}`),
    '  to remove them:',
    '    continuo clean',
  ];
}

/** What is notable about a run that succeeded all the same. */
export function remarks(view: RunView): string[] {
  return [...view.nodes.values()].flatMap((node) => {
    if (node.kind !== 'service') {
      const who = `${node.kind} '${node.name}'`;
      const tries = node.attempt > 1 && node.outcome === 'succeeded' && !node.end;
      return [
        ...(node.outcome === 'ignored' ? [`${who} failed`] : []),
        ...(node.outcome === 'succeeded' && node.end
          ? [`${who} failed and counts as succeeded`]
          : []),
        ...(tries ? [`${who} took ${count(node.attempt, 'attempt')}`] : []),
      ];
    }
    const service = `service '${node.name}'`;
    return [
      ...(node.restarts > 0 ? [`${service} was restarted ${times(node.restarts)}`] : []),
      ...(node.end?.kind === 'killed-after-grace' ? [`${service} had to be killed`] : []),
      ...(node.verdict === 'ignore' ? [`${service} failed`] : []),
    ];
  });
}

const times = (n: number): string => (n === 1 ? 'once' : count(n, 'time'));

function lastWords(view: RunView, page: Page): string[] {
  const { good, bad, skipped, dot } = signsOf(page);
  const took =
    view.endedAt === undefined ? '' : ` after ${formatDuration(view.endedAt - view.startedAt)}`;
  const run = paint(page, 'dim', ` ${dot} run ${view.run}`);
  const says = (tone: Tone, sign: string, outcome: string, rest: string): string[] =>
    sentenceLines(`${paint(page, tone, `${sign} ${outcome}`)}${rest}`, page);
  switch (view.outcome) {
    case 'succeeded': {
      const but = remarks(view);
      const although = but.length === 0 ? '' : `, although ${listed(but)}`;
      return says(
        but.length === 0 ? 'good' : 'warn',
        good,
        'succeeded',
        `${took}${although}${run}`,
      );
    }
    case 'failed': {
      const cause = describeCause(view);
      const why = cause ? `: ${cleanLine(cause.sentence)}` : '';
      const all = `  run ${view.run}, all output: continuo logs ${view.run}`;
      return [...says('bad', bad, 'failed', `${took}${why}`), ...sentenceLines(all, page, 'dim')];
    }
    case 'cancelled': {
      const by = view.cancelledBy === undefined ? '' : ` by ${view.cancelledBy}`;
      return says('warn', skipped, `cancelled${by}`, `${took}${run}`);
    }
    case undefined:
      return says('bad', bad, 'not finished', `: the journal of this run ends early${run}`);
    default:
      return unreachable(view.outcome);
  }
}
