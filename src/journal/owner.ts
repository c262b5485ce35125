/** The process that carries a run out. Its start tells it from a later one with the same number. */
export interface Owner {
  readonly pid: number;
  readonly pidStart?: string;
}

/** Whether that very process still lives. Only who sees the process table can tell. */
export type IsAlive = (owner: Owner) => boolean;

/** Sends a signal to that very process, and to nobody who got its number later. */
export type SignalOwner = (owner: Owner, signal: 'SIGTERM' | 'SIGKILL') => void;
