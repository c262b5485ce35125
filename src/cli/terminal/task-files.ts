import { join } from 'node:path';

import { shortIdOf } from '../../base/short-id.ts';
import { endedTask, startedTask } from '../../event/tasks.ts';
import { nodesOfPlan } from '../../plan/order.ts';
import { AppendFile } from './append-file.ts';

import type { JournalRecord } from '../../event/event.ts';
import type { Reporter } from './reporter.ts';

/**
 * Writes what each task prints, byte by byte, to a file of its own: `01-cix-1a2b3c4d-build.log`. They
 * are numbered in the order in which the tasks start; what starts again goes on in its file.
 */
export const taskFilesReporter = (folder: string): Reporter => ({
  async run(records) {
    using files = new TaskFiles(folder);
    for await (const record of records) files.take(record);
  },
});

class TaskFiles implements Disposable {
  readonly #folder: string;
  readonly #paths = new Map<string, string>();
  /** Only of the tasks that run now. */
  readonly #open = new Map<string, AppendFile>();
  #run = '';
  #names: ReadonlyMap<string, string> = new Map();

  constructor(folder: string) {
    this.#folder = folder;
  }

  take(record: JournalRecord): void {
    if (record.type === 'output') {
      this.#open.get(record.task)?.write(record.bytes);
      return;
    }
    if (record.type === 'run.started') {
      this.#run = record.run;
      this.#names = new Map(nodesOfPlan(record.plan).map(({ id, name }) => [id, name]));
    }
    const started = startedTask(record);
    if (started !== undefined && !this.#open.has(started))
      this.#open.set(started, new AppendFile(this.#pathOf(started)));
    const ended = endedTask(record);
    if (ended === undefined) return;
    this.#open.get(ended)?.[Symbol.dispose]();
    this.#open.delete(ended);
  }

  #pathOf(task: string): string {
    const known = this.#paths.get(task);
    if (known !== undefined) return known;
    const number = String(this.#paths.size + 1).padStart(2, '0');
    const name = fileNameOf(this.#names.get(task) ?? task);
    const path = join(this.#folder, `${number}-cix-${shortIdOf(this.#run)}-${name}.log`);
    this.#paths.set(task, path);
    return path;
  }

  [Symbol.dispose](): void {
    for (const file of this.#open.values()) file[Symbol.dispose]();
    this.#open.clear();
  }
}

/** The longest that a file system takes is 255 bytes. */
const fileNameOf = (name: string): string => name.replaceAll(/[^\w.-]/g, '_').slice(0, 200);
