import { formatDuration } from '../base/duration.ts';
import { unreachable } from '../base/unreachable.ts';
import { cleanLine } from './clean.ts';
import { causeTask, describeCause } from './describe-cause.ts';
import { count, listed, nameOf } from './describe.ts';
import { failureLines } from './failure-lines.ts';
import { paint, signsOf } from './look.ts';
import { outcomeWords } from './outcome-words.ts';
import { briefDetail, testLines } from './tests.ts';
import { timeline } from './timeline.ts';
import { fit, pad, widthOf } from './width.ts';

import type { NodeView, RunView } from '../event/view.ts';
import type { Failure } from './failure.ts';
import type { Look, Tone } from './look.ts';

/** A page that text is laid out for. */
export interface Page extends Look {
  readonly columns: number;
}

/**
 * What became of a run, from the cause of its failure, if it failed, down to one last line that
 * says it all: a log is read from its end.
 */
export function summaryLines(view: RunView, failure: Failure | undefined, page: Page): string[] {
  const when = timeline(view, page);
  const tests = testLines(view, briefDetail, page);
  return [
    ...(failure ? ['', ...failureLines(view, failure, page)] : []),
    '',
    ...outcomeTable(view, page),
    ...(when.length === 0 ? [] : ['', ...when]),
    ...(tests.length === 0 ? [] : ['', ...tests]),
    '',
    ...warningLines(view, failure ? causeTask(view) : undefined, page),
    ...lastWords(view, page),
    ...keptLines(view, page),
  ];
}

const widestName = 32;
const leastName = 4;
const atLeast = (name: string): number => Math.max(leastName, widthOf(name));

/** Every step, service and group with its outcome, its duration and what is notable. */
export function outcomeTable(view: RunView, page: Page): string[] {
  const rows = [...view.nodes.values()].map((node) => ({
    node,
    indent: '  '.repeat(node.depth + 1),
    name: node.name,
    took: duration(node, view),
    ...outcomeWords(node, page),
  }));
  const { ellipsis, dot } = signsOf(page);
  const widest = (texts: string[]): number => Math.max(0, ...texts.map(widthOf));
  const outcomes = widest(rows.map(({ outcome }) => outcome));
  const times = widest(rows.map(({ took }) => took));
  const room = Math.max(8, page.columns - outcomes - times - 8);
  const names = Math.min(
    widestName,
    room,
    Math.max(...rows.map(({ indent, name }) => indent.length + atLeast(name))) - 2,
  );
  return rows.map(({ indent, name, took, sign, tone, outcome, notes }) => {
    const cells = [
      `${indent}${paint(page, tone, sign)} ${pad(name, Math.max(leastName, names + 2 - indent.length), ellipsis)}`,
      paint(page, tone, outcome) + ' '.repeat(outcomes - widthOf(outcome)),
      took.padStart(times),
      paint(page, 'dim', cleanLine(notes.join(` ${dot} `))),
    ];
    return fit(cells.join('  ').trimEnd(), page.columns, ellipsis);
  });
}

function duration(node: NodeView, view: RunView): string {
  const end = node.endedAt ?? view.endedAt;
  if (node.startedAt === undefined || end === undefined) return '';
  return formatDuration(end - node.startedAt);
}

/** What was told of the cause stands beside it. */
function warningLines(view: RunView, cause: string | undefined, page: Page): string[] {
  const { warning } = signsOf(page);
  return view.warnings
    .filter(({ about }) => about === undefined || about !== cause)
    .map(({ about, text }) => {
      const whose = about === undefined ? '' : `${nameOf(view, about)}: `;
      return paint(page, 'warn', `${warning} ${cleanLine(whose + text)}`);
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
  const says = (tone: Tone, sign: string, outcome: string, rest: string): string =>
    `${paint(page, tone, `${sign} ${outcome}`)}${rest}`;
  switch (view.outcome) {
    case 'succeeded': {
      const but = remarks(view);
      const although = but.length === 0 ? '' : `, although ${listed(but)}`;
      return [
        says(but.length === 0 ? 'good' : 'warn', good, 'succeeded', `${took}${although}${run}`),
      ];
    }
    case 'failed': {
      const cause = describeCause(view);
      const why = cause ? `: ${cleanLine(cause.sentence)}` : '';
      const all = `  run ${view.run}, all output: continuo logs ${view.run}`;
      return [says('bad', bad, 'failed', `${took}${why}`), paint(page, 'dim', all)];
    }
    case 'cancelled': {
      const by = view.cancelledBy === undefined ? '' : ` by ${view.cancelledBy}`;
      return [says('warn', skipped, `cancelled${by}`, `${took}${run}`)];
    }
    case undefined:
      return [says('bad', bad, 'not finished', `: the journal of this run ends early${run}`)];
    default:
      return unreachable(view.outcome);
  }
}
