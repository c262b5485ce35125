import type { RunEnd } from '../engine/run.ts';

/** What Continuo's process ends with. */
export const exitCode = {
  ok: 0,
  failed: 1,
  /** Wrong usage, or an invalid pipeline. */
  invalid: 2,
  /** The place where a run would happen is not there, or refuses. */
  unavailable: 3,
  /** A bug of ours (EX_SOFTWARE of sysexits.h). */
  bug: 70,
} as const;

const signalNumbers: Readonly<Record<string, number>> = { HUP: 1, INT: 2, TERM: 15 };

/** What a shell says of a process that ended by this signal. */
export const exitCodeOfSignal = (signal: string): number => 128 + (signalNumbers[signal] ?? 2);

/** The exit code of a run that has ended; `cancelledBy` is the signal that asked for its end. */
export function exitCodeOf({ outcome }: RunEnd, cancelledBy: string | undefined): number {
  switch (outcome) {
    case 'succeeded':
      return exitCode.ok;
    case 'failed':
      return exitCode.failed;
    case 'cancelled':
      return exitCodeOfSignal(cancelledBy ?? 'INT');
    default:
      return outcome satisfies never;
  }
}
