import { ByteText } from '../base/byte-text.ts';
import { LastLines } from './last-lines.ts';

import type { OutputSink } from '../event/event.ts';
import type { OutputStream } from './record-text.ts';
import type { ByteFilter } from './replacing-filter.ts';

/** Takes the bytes of one output record. They are valid during the call only. */
type WriteOutput = (stream: OutputStream, parts: readonly Buffer[]) => void;

/** A line that grows beyond this is written in parts. */
const maxHeldBytes = 64 * 1_024;
/** A larger piece is taken as several, so that no record is huge. */
const maxPieceBytes = 256 * 1_024;
const newline = 0x0a;

/** What one launch of a task prints: filtered, and cut into records after its newlines. */
export class TaskOutput implements OutputSink {
  readonly #streams: Record<OutputStream, StreamOutput>;
  readonly #write: WriteOutput;
  readonly #last = new LastLines();

  /** Makes the filters of one stream. Each stream has its own: they interleave anywhere. */
  constructor(filters: () => readonly ByteFilter[], write: WriteOutput) {
    this.#write = write;
    const open = (): StreamOutput => ({ filters: filters(), line: new ByteText() });
    this.#streams = { stdout: open(), stderr: open() };
  }

  write(stream: OutputStream, bytes: Buffer): void {
    for (let at = 0; at < bytes.length; at += maxPieceBytes) {
      let piece = bytes.subarray(at, at + maxPieceBytes);
      for (const filter of this.#streams[stream].filters) piece = filter.push(piece);
      this.#take(stream, piece);
    }
  }

  end(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      const { filters, line } = this.#streams[stream];
      filters.forEach((filter, index) => {
        let rest = filter.end();
        for (const later of filters.slice(index + 1)) rest = later.push(rest);
        this.#take(stream, rest);
      });
      if (line.length > 0) this.#record(stream, [line.bytes]);
      line.clear();
    }
  }

  lastLines(): readonly string[] {
    const { stdout, stderr } = this.#streams;
    return this.#last.lines([stdout.line.bytes, stderr.line.bytes]);
  }

  #take(stream: OutputStream, bytes: Buffer): void {
    const { line } = this.#streams[stream];
    const complete = bytes.lastIndexOf(newline) + 1;
    if (complete > 0) {
      const lines = bytes.subarray(0, complete);
      this.#record(stream, line.length > 0 ? [line.bytes, lines] : [lines]);
      line.clear();
    }
    const rest = bytes.subarray(complete);
    if (line.length + rest.length > maxHeldBytes) {
      this.#record(stream, [line.bytes, rest]);
      line.clear();
    } else if (rest.length > 0) line.add(rest);
  }

  #record(stream: OutputStream, parts: readonly Buffer[]): void {
    this.#write(stream, parts);
    for (const part of parts) if (part.length > 0) this.#last.add(stream, part);
  }
}

interface StreamOutput {
  readonly filters: readonly ByteFilter[];
  /** The beginning of a line that has not ended. */
  readonly line: ByteText;
}
