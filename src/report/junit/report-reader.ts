import { isAbsolute, join, relative } from 'node:path';

import { isAborted, unlessAborted } from '../../base/abort.ts';
import { listed } from '../describe.ts';
import { findReports } from './find-reports.ts';
import { readAside } from './read-aside.ts';

import type { ReadReports, ReportsAsked, ReportsRead } from '../../event/tests.ts';
import type { FoundReport } from './find-reports.ts';

/** Where patterns begin. */
export interface ReportPlace {
  /** Absolute. */
  readonly workspace: string;
  /** What `~` stands for. */
  readonly home: string;
}

/** Linux gives files the time of its last tick, which may lie so far back. */
const tickMs = 20;
const mostNames = 5;

/** What reads the reports of one run, each of them once. */
export function reportReader(place: ReportPlace): ReadReports {
  const known = new Map<string, string>();
  return async (asked) => {
    const none = { files: [], warnings: [] };
    if (isAborted(asked.signal)) return none;
    try {
      return await unlessAborted(readAll(asked, place, known), asked.signal);
    } catch (error) {
      if (isAborted(asked.signal)) return none;
      return { files: [], warnings: [`its reports cannot be read: ${(error as Error).message}`] };
    }
  };
}

async function readAll(
  asked: ReportsAsked,
  place: ReportPlace,
  known: Map<string, string>,
): Promise<ReportsRead> {
  const shown = ({ path }: FoundReport): string => shownIn(place.workspace, path);
  const named: FoundReport[] = [];
  const warnings: string[] = [];
  for (const pattern of asked.patterns) {
    const { fresh, odd } = await matches(pattern, asked, place);
    named.push(...fresh);
    warnings.push(...odd);
  }
  const { wanted, twice, others } = divide(named, asked.task, known);
  if (twice.length > 0)
    warnings.push(`several patterns name ${names(twice.map(shown))}: counted once`);
  if (others.length > 0)
    warnings.push(`other tasks wrote ${names(others.map(shown))}: counted there`);
  const reports = wanted.map(({ path, bytes }) => ({
    path,
    bytes,
    shown: shownIn(place.workspace, path),
  }));
  const { files, useless } = await readAside(reports, asked.signal);
  warnings.push(...useless.slice(0, mostNames));
  if (useless.length > mostNames)
    warnings.push(`${useless.length - mostNames} more reports do not count`);
  return { files, warnings };
}

interface Divided {
  readonly wanted: readonly FoundReport[];
  /** Named again by another pattern. */
  readonly twice: readonly FoundReport[];
  /** Counted as another task's. */
  readonly others: readonly FoundReport[];
}

/** Says of each report whether it counts for the task, which is known from then on. */
function divide(named: readonly FoundReport[], task: string, known: Map<string, string>): Divided {
  const seen = new Set<string>();
  const divided = Map.groupBy(named, ({ identity }): keyof Divided => {
    if (seen.has(identity)) return 'twice';
    seen.add(identity);
    if ((known.get(identity) ?? task) !== task) return 'others';
    known.set(identity, task);
    return 'wanted';
  });
  const of = (kind: keyof Divided): readonly FoundReport[] => divided.get(kind) ?? [];
  return { wanted: of('wanted'), twice: of('twice'), others: of('others') };
}

/** What a pattern names of what was written since the task began, and what is odd about it. */
async function matches(
  pattern: string,
  { sinceMs, signal }: ReportsAsked,
  { workspace, home }: ReportPlace,
): Promise<{ readonly fresh: readonly FoundReport[]; readonly odd: readonly string[] }> {
  const path = /^~(?:\/|$)/.test(pattern) ? join(home, pattern.slice(1)) : pattern;
  const { files, isCut } = await findReports(path, workspace, signal);
  const fresh = files.filter(({ writtenMs }) => writtenMs >= sinceMs - tickMs);
  if (signal.aborted) return { fresh: [], odd: [] };
  if (isCut)
    return {
      fresh,
      odd: [`'${pattern}' names more than ${files.length} reports: no more are read`],
    };
  if (files.length === 0) return { fresh, odd: [`there is no report '${pattern}'`] };
  if (fresh.length > 0) return { fresh, odd: [] };
  const old = names(files.map((file) => shownIn(workspace, file.path)));
  return { fresh, odd: [`it has not written its reports '${pattern}': ${old} was there before`] };
}

function shownIn(workspace: string, path: string): string {
  const inside = relative(workspace, path);
  return inside.startsWith('..') || isAbsolute(inside) ? path : inside;
}

function names(all: readonly string[]): string {
  const rest = all.length - mostNames;
  return listed([...all.slice(0, mostNames), ...(rest > 0 ? [`${rest} more`] : [])]);
}
