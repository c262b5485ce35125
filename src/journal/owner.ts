/** The process that carries a run out. Its start tells it from a later one with the same number. */
export interface Owner {
  readonly pid: number;
  readonly pidStart?: string;
}

/** Whether that very process still lives. Only who sees the process table can tell. */
export type IsAlive = (owner: Owner) => boolean;
