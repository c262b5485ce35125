import { brief } from './brief.ts';

import type { Span } from './source.ts';

/**
 * What a file says about names, order and needs, as far as it can be made out. Unlike a plan it
 * is there for files with mistakes too, so that those of order are found together with the rest.
 */
export type Outline = OutlineGroup | OutlineTask;

export interface OutlineGroup {
  readonly kind: 'group';
  readonly name: Named | undefined;
  readonly order: 'serial' | 'parallel';
  readonly members: readonly Outline[];
}

export interface OutlineTask {
  readonly kind: 'step' | 'service';
  readonly name: Named | undefined;
  readonly needs: readonly Named[];
  /** The ports of its own that its probes ask, and those that it publishes. */
  readonly ports: readonly OutlinePort[];
  /** The ports of this machine that it holds. */
  readonly held: readonly HeldPort[];
  /** What its probes ask that is not this machine. */
  readonly elsewhere: readonly Named[];
  readonly scope: 'stage' | 'group';
  /** The only command of a step that does nothing but wait. */
  readonly sleep: Span | undefined;
}

/** A name as it stands somewhere. */
export interface Named {
  readonly text: string;
  readonly span: Span;
  /** Where it was imported, the outermost place first, if it stands in another file. */
  readonly through?: readonly Span[];
}

export interface OutlinePort {
  readonly port: number;
  readonly span: Span;
}

/** A port of this machine: one that a probe asks a process at, or that a container publishes. */
export interface HeldPort extends OutlinePort {
  readonly protocol: 'tcp' | 'udp';
  readonly how: 'asked' | 'published';
}

/** A member of an outline, and the groups it stands in, the outermost first. */
export interface Placed<T extends Outline = Outline> {
  readonly outline: T;
  readonly groups: readonly OutlineGroup[];
}

/** Everything in a group at any depth, in the order of the file; not the group itself. */
export function everything(root: OutlineGroup): readonly Placed[] {
  const inside = (group: OutlineGroup, groups: readonly OutlineGroup[]): readonly Placed[] =>
    group.members.flatMap((outline): readonly Placed[] => [
      { outline, groups },
      ...(outline.kind === 'group' ? inside(outline, [...groups, outline]) : []),
    ]);
  return inside(root, [root]);
}

/** Whether a task may still be there when something that stands later, in the groups `later`, starts. */
export function stillLives(
  { outline, groups }: Placed<OutlineTask>,
  later: readonly OutlineGroup[],
): boolean {
  const isService = outline.kind === 'service';
  if (isService && outline.scope === 'stage') return true;
  const shared = groups.filter((group, depth) => later[depth] === group);
  const inItsGroup = shared.length === groups.length;
  return (isService && inItsGroup) || shared.at(-1)?.order === 'parallel';
}

/** How messages name one of them: "step 'api'". */
export const label = ({ kind, name }: Outline): string =>
  name ? `${kind} '${brief(name.text)}'` : `a ${kind} without a name`;
