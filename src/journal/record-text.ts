import type { JournalRecord, OutputRecord, RunEvent } from '../event/event.ts';

/** One of the streams that a task prints to. */
export type OutputStream = OutputRecord['stream'];

/** The line of an event. The seal proves that the run itself wrote its first and its last line. */
export function eventLine(seq: number, at: number, event: RunEvent, seal: string): string {
  const sealed = event.type === 'run.started' || event.type === 'run.ended' ? { seal } : {};
  return `${JSON.stringify({ seq, at, ...event, ...sealed })}\n`;
}

/** What every output header of one task's stream has between its time and its size. */
export const outputLabel = (task: string, stream: OutputStream): string =>
  `,"type":"output","task":${JSON.stringify(task)},"stream":"${stream}","bytes":`;

/** The line before the bytes of an output record. */
export const outputHeader = (seq: number, at: number, label: string, bytes: number): string =>
  `{"seq":${seq},"at":${at}${label}${bytes}}\n`;

/** What a line of a journal says: an event, or how many bytes of output follow. */
export type ParsedLine =
  | { readonly kind: 'event'; readonly record: JournalRecord; readonly seal: string | undefined }
  | {
      readonly kind: 'output';
      readonly seq: number;
      readonly at: number;
      readonly task: string;
      readonly stream: OutputStream;
      readonly bytes: number;
    };

/** No record is nearly that large; a header that says so is not one of ours. */
const maxOutputBytes = 16 * 1_024 * 1_024;

/** Reads one line. `undefined` when it is not a line of a journal. */
export function parseLine(line: string): ParsedLine | undefined {
  const value = parsedObject(line);
  if (!value) return undefined;
  const { seal, ...rest } = value;
  const { seq, at, type } = rest;
  if (typeof seq !== 'number' || typeof at !== 'number' || typeof type !== 'string')
    return undefined;
  if (type !== 'output') {
    const record = rest as unknown as JournalRecord;
    return { kind: 'event', record, seal: typeof seal === 'string' ? seal : undefined };
  }
  const { task, stream, bytes } = rest;
  if (typeof task !== 'string' || (stream !== 'stdout' && stream !== 'stderr')) return undefined;
  if (!Number.isInteger(bytes) || Number(bytes) < 1 || Number(bytes) > maxOutputBytes)
    return undefined;
  return { kind: 'output', seq, at, task, stream, bytes: Number(bytes) };
}

function parsedObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
