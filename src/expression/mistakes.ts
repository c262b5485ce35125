import type { Node, Where } from '../plan/plan.ts';

/** Something that a plan cannot be done with, as a sentence without its full stop, and where. */
export interface PlanMistake {
  readonly where: Where;
  readonly message: string;
  readonly hint?: string;
}

/** What is found wrong with a plan. What stands in several copies is told once. */
export class Mistakes {
  readonly #told = new Map<string, PlanMistake>();

  get all(): readonly PlanMistake[] {
    return [...this.#told.values()];
  }

  tell(mistake: PlanMistake): void {
    const { where, message } = mistake;
    const key = JSON.stringify([where.file, where.line, where.column, message]);
    if (!this.#told.has(key)) this.#told.set(key, mistake);
  }
}

const kinds = {
  run: 'step',
  wait: 'step',
  approval: 'step',
  service: 'service',
  group: 'group',
} as const;

/** How messages name a node: "step 'api'". */
export const nameOf = ({ kind, name }: Pick<Node, 'kind' | 'name'>): string =>
  `${kinds[kind]} '${name}'`;
