import type { AskedView, RunView } from './view.ts';

/** A question of a run that waits for its answer. */
export interface OpenQuestion extends AskedView {
  /** What asks, by its id and its name. */
  readonly id: string;
  readonly name: string;
  readonly kind: 'stage' | 'group' | 'step' | 'service';
}

/** What a run asks now, in the order in which it was asked. */
export function openQuestions({ nodes, stages }: RunView): readonly OpenQuestion[] {
  const asking = [
    ...[...stages.values()].map(({ id, name, wants }) => ({
      ...{ id, name, asked: wants },
      kind: 'stage' as const,
    })),
    ...[...nodes.values()].map((node) => ({
      ...{ id: node.id, name: node.name, kind: node.kind },
      asked: node.kind === 'service' ? node.wants : node.asked,
    })),
  ];
  return asking
    .flatMap(({ asked, ...who }) => (asked ? [{ ...who, ...asked }] : []))
    .toSorted((one, other) => one.since - other.since);
}
