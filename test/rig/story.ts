import { foldEvent } from '../../src/event/fold-event.ts';
import { openView } from '../../src/event/view.ts';
import * as plans from './plans.ts';

import type { JournalRecord, RunEvent } from '../../src/event/event.ts';
import type { RunView } from '../../src/event/view.ts';
import type { Group, Node, Plan, Probe } from '../../src/plan/plan.ts';

const probe: Probe = { kind: 'tcp', host: 'localhost', port: 1, timeoutMs: 60_000 };

export const step = (name: string): Node => plans.step(name);

/** A service that is asked at a port, unless other probes are given. */
export const service = (name: string, ready: readonly Probe[] = [probe]): Node =>
  plans.service(name, { ready });

export const group = (name: string, ...members: Node[]): Group =>
  plans.group(name, 'serial', ...members);

/** The plan of one stage with these members, for a story to be told about. */
export const plan = (name: string, ...members: Node[]): Plan => ({
  ...plans.plan(...members),
  name,
});

/** When every story begins. */
export const storyStart = Date.UTC(2026, 10, 21, 22, 30, 12);

/** The journal of a run that never was, written by hand. */
export class Story {
  readonly records: JournalRecord[] = [];
  #now = storyStart;

  constructor(plan: Plan, run = '20261121-223012-k3f9') {
    this.tell({ type: 'run.started', run, pid: 4711, version: '0.1.0', workspace: '/work', plan });
  }

  /** What follows happens so many milliseconds after the start. */
  at(ms: number): this {
    this.#now = storyStart + ms;
    return this;
  }

  tell(...events: RunEvent[]): this {
    for (const event of events)
      this.records.push({ seq: this.records.length, at: this.#now, ...event });
    return this;
  }

  says(task: string, text: string | Buffer, stream: 'stdout' | 'stderr' = 'stdout'): this {
    const head = { seq: this.records.length, at: this.#now, type: 'output', task, stream } as const;
    this.records.push({ ...head, bytes: Buffer.from(text) });
    return this;
  }

  /** What its events come to. */
  view(): RunView {
    const [first, ...rest] = this.records;
    if (first?.type !== 'run.started') throw new Error('A story begins with run.started.');
    const view = openView(first);
    for (const record of rest) if (record.type !== 'output') foldEvent(view, record);
    return view;
  }

  /** The records as a journal would give them. */
  async *read(): AsyncGenerator<JournalRecord> {
    for (const record of this.records) yield await Promise.resolve(record);
  }
}
