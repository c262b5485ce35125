import { foldEvent, openView } from '../../src/event/view.ts';

import type { JournalRecord, RunEvent } from '../../src/event/event.ts';
import type { RunView } from '../../src/event/view.ts';
import type { Group, Node, Plan, Probe } from '../../src/plan/plan.ts';

const where = { file: 'pipeline.yaml', line: 1, column: 1 };
const command = {
  run: { kind: 'argv', argv: ['true'] },
  environment: [],
} as const;

/** A step of a made-up plan. */
export const step = (name: string): Node => ({
  kind: 'run',
  id: name,
  name,
  where,
  command,
  needs: [],
  continueOnFail: false,
});

const probe: Probe = { kind: 'tcp', host: 'localhost', port: 1, timeoutMs: 60_000 };

/** A service of a made-up plan. */
export const service = (name: string, ready: readonly Probe[] = [probe]): Node => ({
  kind: 'service',
  id: name,
  name,
  where,
  command,
  needs: [],
  ready,
  onExit: { kind: 'fail' },
  stop: { signal: 'TERM', graceMs: 10_000 },
  scope: 'stage',
});

/** A group of a made-up plan. */
export const group = (name: string, ...members: Node[]): Group => ({
  kind: 'group',
  id: name,
  name,
  where,
  order: 'serial',
  members,
});

/** The made-up plan of one stage with these members. */
export const plan = (name: string, ...members: Node[]): Plan => ({
  name,
  stages: [{ id: 'main', name: 'main', root: group('root', ...members) }],
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
