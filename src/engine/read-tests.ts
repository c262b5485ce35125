import { posix } from 'node:path';

import type { RunStep, Service } from '../plan/plan.ts';
import type { StageContext } from './run-context.ts';

/**
 * Tells what stands in the reports that a task has written since it began, and what is odd about them,
 * unless it was cancelled: then nobody wonders.
 */
export async function readTests(
  node: RunStep | Service,
  sinceMs: number,
  { recorder, readReports, forced: signal }: StageContext,
  isCancelled = false,
): Promise<void> {
  const { id: task, reports = [] } = node;
  if (reports.length === 0 || !readReports || signal.aborted) return;
  const warn = (text: string): void => recorder.event({ type: 'warning', about: task, text });
  const patterns = reports.flatMap((pattern) => {
    const seen = seenFromHere(pattern, node);
    if (seen === undefined)
      warn(`'${pattern}' of its reports is lost with its container: only the workspace stays`);
    return seen ?? [];
  });
  const { files, warnings } = await readReports({ task, patterns, sinceMs, signal });
  for (const file of files) recorder.event({ type: 'tests.read', task, ...file });
  if (!isCancelled) warnings.forEach(warn);
}

/** A path of the task's own as this machine has it. Of a container, only the workspace is there. */
function seenFromHere(pattern: string, { command }: RunStep | Service): string | undefined {
  const isRelative = !pattern.startsWith('/') && !/^~(?:\/|$)/.test(pattern);
  if (isRelative || !command.image) return pattern;
  const { mountPoint } = command.container ?? {};
  if (mountPoint === undefined || !pattern.startsWith('/')) return undefined;
  const inside = posix.relative(mountPoint, pattern);
  return inside === '..' || inside.startsWith('../') ? undefined : inside;
}
