import { open } from 'node:fs/promises';

import { foldEvent } from '../event/fold-event.ts';
import { openView } from '../event/view.ts';
import { RecordParser } from '../journal/record-parser.ts';
import { journalPath } from '../journal/state-dir.ts';

import type { FileHandle } from 'node:fs/promises';
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

  /** `undefined`: there is no journal to be read. Rejects when it cannot be read. */
  async of(id: string): Promise<RunView | undefined> {
    const folding = this.#known.get(id) ?? new Folding(journalPath(this.#stateDir, id));
    // The last asked for is the last to go.
    this.#known.delete(id);
    this.#known.set(id, folding);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= most) break;
      this.#known.delete(oldest);
    }
    return folding.catchUp();
  }
}

class Folding {
  readonly #path: string;
  readonly #parser = new RecordParser();
  #position = 0;
  #view: RunView | undefined;
  #last = Promise.resolve<RunView | undefined>(undefined);

  constructor(path: string) {
    this.#path = path;
  }

  /** Reads what was written since the last time; one after the other. */
  catchUp(): Promise<RunView | undefined> {
    this.#last = this.#last.catch(() => undefined).then(() => this.#read());
    return this.#last;
  }

  async #read(): Promise<RunView | undefined> {
    if (this.#view?.endedAt !== undefined) return this.#view;
    await using file = await openIfThere(this.#path);
    if (!file) return undefined;
    while (!this.#parser.broken) {
      const room = this.#parser.room();
      const { bytesRead } = await file.read(room, 0, room.length, this.#position);
      if (bytesRead === 0) break;
      this.#position += bytesRead;
      for (const record of this.#parser.took(bytesRead)) this.#take(record);
    }
    return this.#view;
  }

  #take(record: JournalRecord): void {
    if (record.type === 'run.started') this.#view ??= openView(record);
    else if (this.#view && record.type !== 'output') foldEvent(this.#view, record);
  }
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
