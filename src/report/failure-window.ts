import { endedTask, startedTask } from '../event/tasks.ts';
import { brokenService, brokenSteps } from './broken.ts';

import type { Recorded, RunEvent } from '../event/event.ts';
import type { RunView } from '../event/view.ts';

/** What a task said that belongs to a failure: its output between two records, by their numbers. */
export interface Part {
  readonly task: string;
  readonly after: number;
  readonly before: number;
}

/** Which output of a run belongs to its failure, as its events tell one after the other. */
export class FailureWindow {
  /** Those that failed, or that the cause interrupted. */
  readonly steps: readonly string[];
  /** All of them; one that is the cause comes first. */
  readonly services: readonly string[];
  /** Those whose output belongs to it whenever it comes, since they last started. */
  readonly #broken: ReadonlySet<string>;
  /** While one of these runs, the output of every service belongs to it. */
  readonly #frame: ReadonlySet<string>;
  readonly #open = new Set<string>();
  readonly #since = new Map<string, number>();
  #opened = -1;
  #closed = -1;

  constructor(view: RunView) {
    const service = brokenService(view);
    const cause = service === undefined ? [] : [service];
    const services = [...view.nodes.values()].filter(({ kind }) => kind === 'service');
    this.steps = brokenSteps(view);
    this.services = [...cause, ...services.map(({ id }) => id).filter((id) => id !== service)];
    this.#broken = new Set([...this.steps, ...cause]);
    this.#frame = new Set(service === undefined ? this.steps : cause);
  }

  /** Whether what this task says now belongs to it. */
  has(task: string): boolean {
    return this.#broken.has(task) || (this.#open.size > 0 && this.services.includes(task));
  }

  /** Takes an event, and answers whose output of before does not belong to it any more. */
  take(event: Recorded<RunEvent>): readonly string[] {
    const forgotten: string[] = [];
    const started = startedTask(event);
    const ended = endedTask(event);
    if (started !== undefined && this.#frame.has(started)) {
      if (this.#open.size === 0) {
        this.#opened = event.seq;
        forgotten.push(...this.steps, ...this.services);
      }
      this.#open.add(started);
    }
    // Only the last attempt of a step, and the last start of a service, is told of.
    if (started !== undefined && this.#broken.has(started)) {
      this.#since.set(started, event.seq);
      forgotten.push(started);
    }
    if (ended !== undefined && this.#open.delete(ended)) this.#closed = event.seq;
    return forgotten;
  }

  /** All that belongs to it, by the events so far. */
  parts(): readonly Part[] {
    const isOpen = this.#open.size > 0;
    const others = this.services.filter((id) => !this.#broken.has(id));
    const shared = { after: this.#opened, before: isOpen ? Infinity : this.#closed };
    return [
      ...[...this.#broken].map((task) => ({
        task,
        after: Math.max(this.#opened, this.#since.get(task) ?? -1),
        before: Infinity,
      })),
      ...(this.#opened < 0 ? [] : others.map((task) => ({ task, ...shared }))),
    ];
  }
}
