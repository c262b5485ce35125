import type { OutputSink } from '../event/event.ts';
import type { StopHow, Stopped, Task } from '../executor/executor.ts';
import type { LineWatch } from './line-watch.ts';

/** Hands everything a task prints on to its record. Settles once that is all there. */
export async function pump(task: Task, sink: OutputSink, lines?: LineWatch): Promise<void> {
  for await (const chunk of task.output) {
    sink.write(chunk.stream, chunk.bytes);
    lines?.take(chunk);
  }
  sink.end();
  lines?.end();
}

/** Ends a task's whole tree with its grace, and without any as soon as `forced` aborts. */
export async function endTask(task: Task, how: StopHow, forced: AbortSignal): Promise<Stopped> {
  const insist = (): void => void task.stop({ signal: 'KILL', graceMs: 0 });
  if (forced.aborted) return await task.stop({ signal: 'KILL', graceMs: 0 });
  forced.addEventListener('abort', insist, { once: true });
  const stopped = await task.stop(how);
  forced.removeEventListener('abort', insist);
  return stopped;
}

/** For what a task leaves behind when it ends by itself. */
export const leftoverStop: StopHow = { signal: 'TERM', graceMs: 1_000 };
