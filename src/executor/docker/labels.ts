import { fateOf, thisProcess } from '../common/owner.ts';

import type { Fate, Owner } from '../common/owner.ts';

/** What everything that we make on an engine is labelled with. */
export const labelNames = {
  run: 'continuo.run',
  stage: 'continuo.stage',
  /** Unlike that of any other sandbox anywhere. */
  sandbox: 'continuo.sandbox',
  /** Only on containers. */
  task: 'continuo.task',
  /** Who looks after it, as JSON. */
  owner: 'continuo.owner',
  /** It may be meant to stay when its owner has ended: no other run may take it away. */
  keep: 'continuo.keep',
  /** Only on a container that holds the network of others, which are to end before it. */
  holder: 'continuo.holder',
} as const;

export type Labels = Readonly<Record<string, string>>;

/** Whose a container, network or volume is. */
export interface SandboxName {
  readonly runId: string;
  readonly stage: string;
  /** Unlike that of any other sandbox anywhere. */
  readonly sandbox: string;
  /** Whether it stays if its run fails, for a person to look into. */
  readonly keep?: boolean;
  /** Whether it is the container that holds the sandbox's network for all others. */
  readonly isHolder?: true;
}

/** The labels of something that this process makes for a sandbox, or for one task of it. */
export function labelsFor(
  { runId, stage, sandbox, keep, isHolder }: SandboxName,
  task?: string,
): Labels {
  return {
    [labelNames.run]: runId,
    [labelNames.stage]: stage,
    [labelNames.sandbox]: sandbox,
    ...(task !== undefined && { [labelNames.task]: task }),
    [labelNames.owner]: JSON.stringify(thisProcess()),
    ...(keep === true && { [labelNames.keep]: 'true' }),
    ...(isHolder && { [labelNames.holder]: 'true' }),
  };
}

/** The label that everything of one sandbox carries, and nothing else. */
export const labelOf = (sandbox: string): string => `${labelNames.sandbox}=${sandbox}`;

/** Who looks after what carries these labels. `undefined` when they do not say so in our words. */
export function ownerOf(labels: Labels): Owner | undefined {
  try {
    const owner = JSON.parse(labels[labelNames.owner] ?? '') as Partial<Owner> | null;
    const { pid, start, boot, pids, machine } = owner ?? {};
    if (typeof pid !== 'number' || typeof start !== 'number') return undefined;
    if (typeof boot !== 'string' || typeof pids !== 'string' || typeof machine !== 'string')
      return undefined;
    return { pid, start, boot, pids, machine };
  } catch {
    return undefined;
  }
}

/** What has become of whoever looks after what carries these labels. */
export function fateOfLabelled(labels: Labels): Fate {
  const owner = ownerOf(labels);
  return owner ? fateOf(owner) : 'unknown';
}
