import { Log } from './log.tsx';

export interface LogViewProps {
  readonly runId: string;
  /** A step or service, by its id. Absent: all of them. */
  readonly task: string | undefined;
  /** The line that is linked to, from 1. */
  readonly line: number | undefined;
}

/** What was printed, however much that is. */
export function LogView({ runId, task, line }: LogViewProps) {
  // Nothing of one log bears on another.
  return <Log key={`${runId} ${task ?? ''}`} runId={runId} task={task} line={line} />;
}
