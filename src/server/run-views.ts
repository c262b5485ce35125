import { foldEvent } from '../event/fold-event.ts';
import { openView } from '../event/view.ts';
import { JournalIndex } from '../journal/journal-index.ts';
import { readSpans } from '../journal/read-spans.ts';
import { journalPath } from '../journal/state-dir.ts';

import type { JournalRecord } from '../event/event.ts';
import type { RunView } from '../event/view.ts';

/** How many runs are remembered as they were when they were last asked for. */
const most = 32;

/** What one looks at of a run, folded on from where its journal was when it was last asked for. */
export class RunViews {
  readonly #stateDir: string;
  readonly #known = new Map<string, Folding>();

  constructor(stateDir: string) {
    this.#stateDir = stateDir;
  }

  /** Reads anew what it knew of a run, whose journal is another from now on. */
  forget(id: string): void {
    this.#known.delete(id);
  }

  /** `undefined`: there is no journal to be read. Rejects when it cannot be read. */
  of(id: string): Promise<RunView | undefined> {
    return this.#foldingOf(id).catchUp();
  }

  /** Where things are in the journal of a run by now. Rejects when it cannot be read. */
  async index(id: string): Promise<JournalIndex> {
    const { index } = this.#foldingOf(id);
    await index.update();
    return index;
  }

  #foldingOf(id: string): Folding {
    const folding = this.#known.get(id) ?? new Folding(journalPath(this.#stateDir, id));
    // The last asked for is the last to go.
    this.#known.delete(id);
    this.#known.set(id, folding);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= most) break;
      this.#known.delete(oldest);
    }
    return folding;
  }
}

class Folding {
  readonly index: JournalIndex;
  #position = 0;
  #view: RunView | undefined;
  #last = Promise.resolve<RunView | undefined>(undefined);

  constructor(path: string) {
    this.index = new JournalIndex(path);
  }

  /** Reads what has happened since the last time; one after the other. */
  catchUp(): Promise<RunView | undefined> {
    this.#last = this.#last.catch(() => undefined).then(() => this.#read());
    return this.#last;
  }

  async #read(): Promise<RunView | undefined> {
    if (this.#view?.endedAt !== undefined) return this.#view;
    await this.index.update();
    const { blocks, path } = this.index;
    const [events, end] = [blocks.events(this.#position), blocks.end];
    for await (const records of readSpans(path, events)) records.forEach((one) => this.#take(one));
    this.#position = end;
    return this.#view;
  }

  #take(record: JournalRecord): void {
    if (record.type === 'run.started') this.#view ??= openView(record);
    else if (this.#view && record.type !== 'output') foldEvent(this.#view, record);
  }
}
