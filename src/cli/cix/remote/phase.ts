import { nodesOfPlan } from '../../../plan/order.ts';

import type { JournalRecord } from '../../../event/event.ts';
import type { PauseReason } from '../../../event/pause.ts';

type Paused = Extract<JournalRecord, { type: 'run.paused' }>;

/** Whether a run stops with this on its way. That it is loaded is no pause: nothing of it has begun. */
export const isPause = (record: JournalRecord): record is Paused =>
  record.type === 'run.paused' && record.why.kind !== 'loaded';

/** The records of a run from its first up to its next pause, or up to its end. */
export class Phase {
  readonly #past: readonly JournalRecord[];
  readonly #more: AsyncIterable<JournalRecord>;
  readonly #untilOver: boolean;
  #pause: PauseReason | undefined;
  #names: ReadonlyMap<string, string> = new Map();

  /** `past` ends with the pause that the run goes on from; it is empty when nothing has begun. */
  constructor(
    past: readonly JournalRecord[],
    more: AsyncIterable<JournalRecord>,
    { untilOver = false } = {},
  ) {
    this.#past = past;
    this.#more = more;
    this.#untilOver = untilOver;
  }

  /** Why the run is paused in the end, if it is. */
  get pause(): PauseReason | undefined {
    return this.#pause;
  }

  nameOf(id: string): string {
    return this.#names.get(id) ?? id;
  }

  /** Of the pause at its end only what failed is among them. */
  async *records(): AsyncGenerator<JournalRecord> {
    for (const record of this.#past) {
      this.#learn(record);
      yield record;
    }
    let isResumed = this.#past.length === 0;
    for await (const record of this.#more) {
      this.#learn(record);
      if (record.type === 'run.resumed') isResumed = true;
      // What fails in a pause is told as another pause.
      const isEnd = isPause(record) && isResumed && !this.#untilOver;
      if (isEnd) this.#pause = record.why;
      if (record.type !== 'run.paused' || this.#isTold(record)) yield record;
      if (isEnd) return;
    }
  }

  #isTold(paused: Paused): boolean {
    return paused.why.kind === 'failure' || (this.#untilOver && isPause(paused));
  }

  #learn(record: JournalRecord): void {
    if (record.type === 'run.started')
      this.#names = new Map(nodesOfPlan(record.plan).map(({ id, name }) => [id, name]));
  }
}
