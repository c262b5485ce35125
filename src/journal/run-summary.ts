import { open } from 'node:fs/promises';

import { readSpan } from './read-spans.ts';
import { parseLine } from './record-text.ts';
import { timeOfRunId } from './run-id.ts';
import { isNothingOfOurs, journalPath } from './state-dir.ts';

import type { FileHandle } from 'node:fs/promises';
import type { Recorded, RunEvent } from '../event/event.ts';
import type { IsAlive } from './owner.ts';

/** What a list of runs shows of one. */
export interface RunSummary {
  readonly id: string;
  readonly startedAt: number;
  /** Absent while it runs, and when it was lost. */
  readonly endedAt?: number;
  /** `lost`: it has no end, and the process that carried it out is gone. */
  readonly outcome: 'succeeded' | 'failed' | 'cancelled' | 'running' | 'lost';
  /** The pipeline's name. Empty when the run broke off before it was written. */
  readonly pipeline: string;
  readonly pid?: number;
  /** Of its journal. */
  readonly path: string;
}

/**
 * Reads only the first and the last record. `undefined` when there is no journal to be read. Rejects when there may be
 * one, and it cannot be read in this moment.
 */
export async function summarizeRun(
  stateDir: string,
  id: string,
  isAlive: IsAlive,
): Promise<RunSummary | undefined> {
  const path = journalPath(stateDir, id);
  try {
    await using file = await open(path, 'r');
    const { size, birthtimeMs } = await file.stat();
    const begin = timeOfRunId(id) ?? birthtimeMs;
    const head = await readHead(file, size);
    if (!head) return { id, startedAt: begin, outcome: 'lost', pipeline: '', path };
    const { started, seal } = head;
    const known = {
      id,
      startedAt: started.at,
      pipeline: started.plan.name,
      pid: started.pid,
      path,
    };
    // Asked before the end is looked for: a run that ends in between is then seen to have ended.
    const alive = isAlive(started);
    const { size: sizeNow } = await file.stat();
    const ended = seal === undefined ? undefined : await readEnd(file, sizeNow, seal);
    if (ended) return { ...known, endedAt: ended.at, outcome: ended.outcome };
    return { ...known, outcome: alive ? 'running' : 'lost' };
  } catch (error) {
    if (isNothingOfOurs(error)) return undefined;
    throw error;
  }
}

/** The same for whoever goes by what can be read in this moment. */
export const summarizeReadable = (
  ...run: Parameters<typeof summarizeRun>
): Promise<RunSummary | undefined> => summarizeRun(...run).catch(() => undefined);

type Told<Type extends RunEvent['type']> = Extract<Recorded<RunEvent>, { type: Type }>;

interface Head {
  readonly started: Told<'run.started'>;
  readonly seal: string | undefined;
}

/** A plan larger than this is none of ours. */
const maxHeadBytes = 64 * 1_024 * 1_024;

async function readHead(file: FileHandle, size: number): Promise<Head | undefined> {
  for (let length = 16 * 1_024; ; length *= 4) {
    const bytes = await readSpan(file, [0, Math.min(length, size)]);
    const end = bytes.indexOf('\n');
    if (end === -1 && length < size && length < maxHeadBytes) continue;
    const parsed = end === -1 ? undefined : parseLine(bytes.toString('utf8', 0, end));
    if (parsed?.kind !== 'event' || parsed.record.type !== 'run.started') return undefined;
    return { started: parsed.record, seal: parsed.seal };
  }
}

/** Far more than a cause with its last lines takes. */
const tailBytes = 256 * 1_024;

/**
 * The last record, if it is the end of the run. The seal tells it from a line that some step printed:
 * it is made anew for each run, and no task ever sees it.
 */
async function readEnd(
  file: FileHandle,
  size: number,
  seal: string,
): Promise<Told<'run.ended'> | undefined> {
  const from = Math.max(0, size - tailBytes);
  const bytes = await readSpan(file, [from, size]);
  const end = bytes.lastIndexOf(`,"seal":${JSON.stringify(seal)}}\n`);
  if (end === -1) return undefined;
  const begin = bytes.lastIndexOf('\n', end) + 1;
  const parsed = parseLine(bytes.toString('utf8', begin, bytes.indexOf('\n', end)));
  if (parsed?.kind !== 'event' || parsed.record.type !== 'run.ended') return undefined;
  return parsed.seal === seal ? parsed.record : undefined;
}
