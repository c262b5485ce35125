import { openQuestions } from '../event/open-questions.ts';
import { explainFailure } from '../report/describe-cause.ts';

import type { Node } from '../plan/plan.ts';
import type { RunView } from '../event/view.ts';
import type { Unbegun } from './kept-orders.ts';
import type { IndexedRun } from './run-table.ts';

/** What is told of a run in a list, and of one that has not begun besides. */
export const toListed = (
  { id, pipeline, outcome, startedAt, endedAt }: IndexedRun,
  { after, ticket }: Pick<Unbegun, 'after' | 'ticket'> = {},
) => ({
  id,
  pipeline,
  outcome,
  startedAt,
  ...(endedAt !== undefined && { endedAt }),
  ...(after !== undefined && { after }),
  ...(ticket !== undefined && { ticket }),
});

/** What is told of one run: its view, with every node beside the place it has in the plan. */
export function toBody(run: IndexedRun, view: RunView | undefined) {
  if (!view)
    return { ...toListed(run), questions: [], stages: [], nodes: [], images: [], warnings: [] };
  const places = placesOf(view);
  const explanation = explainFailure(view);
  return {
    ...toListed(run),
    workspace: view.workspace,
    ...(view.cancelledBy !== undefined && { cancelledBy: view.cancelledBy }),
    ...(view.paused && { paused: view.paused }),
    ...(view.cause && { cause: view.cause }),
    ...(explanation && { explanation }),
    questions: openQuestions(view),
    stages: [...view.stages.values()],
    nodes: [...view.nodes.values()].map((node) => ({ ...node, ...places.get(node.id) })),
    images: [...view.images.values()],
    warnings: view.warnings,
    ...(view.kept && { kept: view.kept }),
  };
}

interface Place {
  readonly stage: string;
  /** The group that it is a member of; absent at the top of its stage. */
  readonly parent?: string;
}

function placesOf({ plan }: RunView): Map<string, Place> {
  const places = new Map<string, Place>();
  const place = (nodes: readonly Node[], at: Place): void => {
    for (const node of nodes) {
      places.set(node.id, at);
      if (node.kind === 'group') place(node.members, { ...at, parent: node.id });
    }
  };
  for (const { id, root } of plan.stages) place(root.members, { stage: id });
  return places;
}
