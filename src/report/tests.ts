import { formatDuration } from '../base/duration.ts';
import { addTests, noTests } from '../event/tests.ts';
import { cleanLine } from './clean.ts';
import { count, listed, nameOf } from './describe.ts';
import { paint, signsOf } from './look.ts';
import { fit } from './width.ts';

import type { TestCase, TestCounts, TestFile } from '../event/tests.ts';
import type { RunView } from '../event/view.ts';
import type { Look } from './look.ts';

type Page = Look & { readonly columns: number };

/** One report of a run, and whose it is. */
export interface TaskReport extends TestFile {
  readonly task: string;
}

/** How much is told of the tests of a run; the rest is told to be more. */
export interface TestDetail {
  readonly broken: number;
  readonly slowest: number;
  /** Of one message. */
  readonly messageLines: number;
}

export const briefDetail: TestDetail = { broken: 10, slowest: 5, messageLines: 1 };
export const fullDetail: TestDetail = { broken: Infinity, slowest: 5, messageLines: 40 };

/** The reports of a run that count, task by task in the order of the file. */
export const reportsOf = ({ nodes }: RunView): readonly TaskReport[] =>
  [...nodes.values()].flatMap((node) =>
    node.kind === 'group' ? [] : (node.tests ?? []).map((file) => ({ task: node.id, ...file })),
  );

/** What the tests of a run came to: how many, which broke and why, the slowest. Nothing without reports. */
export function testLines(view: RunView, detail: TestDetail, page: Page): string[] {
  const reports = reportsOf(view);
  if (reports.length === 0) return [];
  const counts = reports.map((report) => report.counts).reduce(addTests, noTests);
  const cases = reports.flatMap((report) => report.cases.map((test) => ({ test, ...report })));
  const broken = cases.filter(({ test }) => isBroken(test));
  const rest = counts.failed + counts.error - Math.min(broken.length, detail.broken);
  const { good, bad } = signsOf(page);
  const isGood = counts.failed + counts.error === 0;
  const sign = paint(page, isGood ? 'good' : 'bad', isGood ? good : bad);
  return [
    `${sign} ${countWords(counts)} in ${count(reports.length, 'report')}`,
    ...broken
      .slice(0, detail.broken)
      .flatMap(({ test, task }) => brokenLines(test, nameOf(view, task), detail, page)),
    ...(rest > 0 ? [`  ${rest} more: continuo tests ${view.run}`] : []),
    ...slowestLines(
      cases.map(({ test }) => test),
      detail,
      page,
    ),
  ];
}

const isBroken = ({ outcome }: TestCase): boolean => outcome === 'failed' || outcome === 'error';

/** `12 tests: 10 passed, 1 failed and 1 skipped`. */
export function countWords({ passed, failed, error, skipped }: TestCounts): string {
  const all = passed + failed + error + skipped;
  const parts = [
    ...(passed > 0 ? [`${passed} passed`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(error > 0 ? [`${error} broke off`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ];
  return `${count(all, 'test')}${parts.length === 0 ? '' : `: ${listed(parts)}`}`;
}

function brokenLines(
  test: TestCase,
  whose: string,
  { messageLines }: TestDetail,
  page: Page,
): string[] {
  const { bad, bar, ellipsis, dot } = signsOf(page);
  const said = (test.message ?? '').split('\n').filter((line) => line.trim() !== '');
  const isCut = said.length > messageLines && messageLines > 1;
  const owner = paint(page, 'dim', `${dot} ${cleanLine(whose)}`);
  return [
    `  ${paint(page, 'bad', bad)} ${titleOf(test)} ${owner}`,
    ...said.slice(0, messageLines).map((line) => `    ${bar} ${cleanLine(line)}`),
    ...(isCut ? [`    ${bar} ${ellipsis}`] : []),
  ].map((line) => fit(line, page.columns, ellipsis));
}

/** What is quick in any case is not worth a line. */
const leastSeconds = 0.1;

function slowestLines(tests: readonly TestCase[], { slowest }: TestDetail, page: Page): string[] {
  const { ellipsis } = signsOf(page);
  const slow = tests
    .filter(({ seconds = 0 }) => seconds >= leastSeconds)
    .sort((one, other) => (other.seconds ?? 0) - (one.seconds ?? 0))
    .slice(0, slowest)
    .map((test) => ({ test, took: formatDuration((test.seconds ?? 0) * 1_000) }));
  if (slow.length === 0) return [];
  const widest = Math.max(...slow.map(({ took }) => took.length));
  return [
    '  slowest:',
    ...slow.map(({ test, took }) =>
      fit(`    ${took.padStart(widest)}  ${titleOf(test)}`, page.columns, ellipsis),
    ),
  ];
}

/** What a test is called: its class before its name, unless that says it already. */
export function titleOf({ name, classname, suite }: TestCase): string {
  const where = classname ?? suite ?? '';
  return cleanLine(where === '' || name.includes(where) ? name : `${where} ${name}`);
}
