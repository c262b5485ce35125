import { InvalidArgumentError } from 'commander';

import type { PullPolicy } from './prepare-plan.ts';
import type { Logging } from './show.ts';

export const pullPolicies = [
  'Default',
  'Always',
  'IfNotPresent',
  'Never',
] as const satisfies readonly PullPolicy[];

export const loggingModes = [
  'console',
  'file',
  'files',
] as const satisfies readonly Logging['mode'][];

/** For options that may be given more than once. */
export function gather(value: string, before: readonly string[] = []): readonly string[] {
  if (value === '') throw new InvalidArgumentError('It is empty.');
  return [...before, value];
}
