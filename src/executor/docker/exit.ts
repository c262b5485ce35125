import { constants } from 'node:os';

import type { Exit } from '../executor.ts';
import type { ContainerEnd } from './container-end.ts';
import type { Heard } from './engine-events.ts';

/** What is known about the end of a container besides what the engine answers. */
export interface Witness {
  readonly heard: Heard;
  /** The signals that we had the engine send, without the `SIG`. */
  readonly ours: readonly string[];
  /** Whether the engine says that its memory ran out. */
  readonly outOfMemory: boolean;
  /** Whether the engine was not there at some time, or is not now. */
  readonly engineWasGone?: boolean;
}

/** How a task ended whose container ended so. */
export function toExit(
  end: ContainerEnd,
  { heard, ours, outOfMemory, engineWasGone }: Witness,
): Exit {
  switch (end.kind) {
    case 'removed':
      return { kind: 'lost', detail: 'its container was removed by somebody else' };
    case 'unknown':
      return { kind: 'lost', detail: end.detail };
    case 'exited': {
      const signal = signalOf(end.code);
      if (signal !== undefined && ours.includes(signal)) return { kind: 'signal', signal };
      // An engine that was not started anew still knows of the end that we could not watch.
      const wasWithEngine = engineWasGone === true && heard.signals.some(isForeign(ours));
      if (wasWithEngine || (end.wasUnwatched && !heard.died))
        return {
          kind: 'lost',
          detail: `the container engine was stopped while it ran (exit code ${end.code})`,
        };
      if (signal === 'KILL' && (outOfMemory || heard.outOfMemory)) return { kind: 'outOfMemory' };
      // The engine kills what it is to remove.
      if (heard.removed && ours.length === 0)
        return { kind: 'lost', detail: 'its container was removed by somebody else' };
      if (signal !== undefined && wasSent(signal, heard, ours))
        return { kind: 'signal', signal, by: 'engine' };
      return { kind: 'code', code: end.code };
    }
  }
}

/** Whether somebody else had the engine send it. Podman tells of no signal's name, and of none for a stop. */
function wasSent(signal: string, { signals, stopped }: Heard, ours: readonly string[]): boolean {
  const isUnnamed = signals.includes('') || stopped === true;
  return signals.includes(signal) || (isUnnamed && ours.length === 0);
}

/** Whether somebody else than us had a signal sent. */
export const isForeign =
  (ours: readonly string[]) =>
  (signal: string): boolean =>
    // One without a name may well be ours; CONT ends nobody.
    signal === '' ? ours.length === 0 : signal !== 'CONT' && !ours.includes(signal);

/** The signal that an exit code stands for, by the custom of shells and inits: 128 and its number. */
export function signalOf(code: number): string | undefined {
  return signalNumbered(code - 128);
}

/** A signal's name, without the `SIG`. */
export const signalNumbered = (number: number): string | undefined => byNumber.get(number);

const byNumber = new Map(
  Object.entries(constants.signals).map(([name, number]) => [number, name.slice('SIG'.length)]),
);
