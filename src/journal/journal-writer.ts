import { randomBytes } from 'node:crypto';
import { openSync } from 'node:fs';

import { isAborted } from '../base/abort.ts';
import { countNewlines } from '../base/count-newlines.ts';
import { fail, ok } from '../base/result.ts';
import { IndexWriter } from './index-writer.ts';
import { JournalFile } from './journal-file.ts';
import { readFrom, settledOrAborted } from './journal-reader.ts';
import { maskEvent } from './mask-event.ts';
import { TimeMarker } from './time-marker.ts';
import { eventLine, outputHeader, outputLabel } from './record-text.ts';
import { describeStateError, journalPath, makeFolder, runFolder } from './state-dir.ts';
import { TaskOutput } from './task-output.ts';

import type { Result } from '../base/result.ts';
import type {
  JournalRecord,
  OutputOptions,
  OutputSink,
  Recorded,
  Recorder,
  RunEvent,
} from '../event/event.ts';
import type { ReadOptions } from './journal-reader.ts';
import type { Masker } from './masker.ts';
import type { OutputStream } from './record-text.ts';
import type { StateDirFailure } from './state-dir.ts';

export interface JournalSpec {
  readonly stateDir: string;
  readonly run: string;
  readonly masker: Masker;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Called once, when the journal can no longer be written. The run itself may go on. */
  readonly onFailure: (detail: string) => void;
}

/** Creates the journal of a run that has none yet. */
export function createJournal(spec: JournalSpec): Result<JournalWriter, StateDirFailure> {
  const path = journalPath(spec.stateDir, spec.run);
  try {
    makeFolder(runFolder(spec.stateDir, spec.run));
    return ok(new JournalWriter(spec, path, openSync(path, 'wx', 0o600)));
  } catch (error) {
    return fail(describeStateError(error as NodeJS.ErrnoException, path));
  }
}

/**
 * Writes the journal of one run, in the order of the calls, masked. Never throws for the disk's
 * sake: see `onFailure`. What was taken is on disk by the end of the event loop's turn.
 */
export class JournalWriter implements Recorder, AsyncDisposable {
  readonly path: string;
  readonly #spec: JournalSpec;
  readonly #file: JournalFile;
  readonly #index: IndexWriter;
  readonly #seal = randomBytes(9).toString('base64url');
  #nextSeq = 0;
  #flushing: NodeJS.Immediate | undefined;
  #written = Promise.withResolvers<undefined>();

  constructor(spec: JournalSpec, path: string, fd: number) {
    this.#spec = spec;
    this.path = path;
    this.#index = new IndexWriter(path);
    this.#file = new JournalFile(fd, (error) => {
      spec.onFailure(describeStateError(error, path).detail);
    });
  }

  /** How much output was dropped because the disk failed. */
  get lostBytes(): number {
    const { state } = this.#file;
    return state.kind === 'open' ? 0 : state.lostBytes;
  }

  event(event: RunEvent): void {
    const [seq, at] = [this.#nextSeq++, this.#at()];
    const masked = maskEvent(event, this.#spec.masker);
    const record: Recorded<RunEvent> = { ...masked, seq, at };
    const line = Buffer.from(eventLine(seq, at, masked, this.#seal));
    this.#index.event(seq, line.length);
    this.#append([line], record);
  }

  hide(secrets: readonly string[]): void {
    this.#spec.masker.hide(secrets);
  }

  output(task: string, { timeMark }: OutputOptions = {}): OutputSink {
    const { masker, now } = this.#spec;
    const filters = () =>
      [masker.filter(), timeMark === undefined ? undefined : new TimeMarker(timeMark, now)].filter(
        (filter) => filter !== undefined,
      );
    const labels = { stdout: outputLabel(task, 'stdout'), stderr: outputLabel(task, 'stderr') };
    return new TaskOutput(filters, (stream, parts) => {
      this.#appendOutput({ task, stream, label: labels[stream] }, parts);
    });
  }

  /** Puts on disk what was taken so far. */
  flush(): void {
    clearImmediate(this.#flushing);
    this.#flushing = undefined;
    this.#file.flush();
    if (this.#file.state.kind === 'open') this.#index.written();
    this.#wakeReaders();
  }

  /** No more will come. Readers end once they have read everything. May be repeated. */
  async close(): Promise<void> {
    this.flush();
    this.#index.close();
    const closed = this.#file.close();
    this.#wakeReaders();
    await closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /**
   * Everything from record number `from` on, past and future, until the run has ended or the journal
   * is closed. Goes on with the events, without the output, when the disk fails.
   */
  async *read({ from = 0, signal, lends }: Omit<ReadOptions, 'position'> = {}): AsyncGenerator<
    JournalRecord,
    void
  > {
    let next = 0;
    const watch = () => {
      const written = this.#written.promise;
      return async (): Promise<boolean> => {
        if (this.#file.state.kind !== 'open') return false;
        await settledOrAborted(written, signal);
        return true;
      };
    };
    for await (const record of readFrom(this.path, { signal, watch, lends })) {
      next = record.seq + 1;
      if (record.seq >= from) yield record;
      if (record.type === 'run.ended') return;
    }
    yield* this.#readKept(Math.max(from, next), signal);
  }

  /** The events that could not be written, from number `from` on, as they come. */
  async *#readKept(from: number, signal?: AbortSignal): AsyncGenerator<JournalRecord, void> {
    for (let index = 0; !isAborted(signal); index++) {
      while (index >= this.#kept.length) {
        if (this.#file.state.kind === 'closed') return;
        await settledOrAborted(this.#written.promise, signal);
        if (isAborted(signal)) return;
      }
      const record = this.#kept[index]!;
      if (record.seq >= from) yield record;
      if (record.type === 'run.ended') return;
    }
  }

  get #kept(): readonly JournalRecord[] {
    const { state } = this.#file;
    return state.kind === 'open' ? [] : state.kept;
  }

  #appendOutput({ task, stream, label }: Labelled, parts: readonly Buffer[]): void {
    const seq = this.#nextSeq++;
    let [bytes, newlines] = [0, 0];
    for (const part of parts) {
      bytes += part.length;
      newlines += countNewlines(part);
    }
    const header = Buffer.from(outputHeader(seq, this.#at(), label, bytes));
    const endsLine = parts.at(-1)?.at(-1) === newline[0];
    const length = header.length + bytes + (endsLine ? 0 : newline.length);
    this.#index.output(seq, length, { task, stream, bytes, newlines, endsLine });
    this.#append(endsLine ? [header, ...parts] : [header, ...parts, newline]);
  }

  #append(parts: readonly Buffer[], event?: JournalRecord): void {
    this.#file.append(parts, event);
    this.#flushing ??= setImmediate(() => this.flush());
  }

  #at(): number {
    return Math.round(this.#spec.now() * 1_000) / 1_000;
  }

  #wakeReaders(): void {
    this.#written.resolve(undefined);
    this.#written = Promise.withResolvers();
  }
}

const newline = Buffer.from('\n');

/** A stream of a task, and what every header of it has. */
interface Labelled {
  readonly task: string;
  readonly stream: OutputStream;
  readonly label: string;
}
