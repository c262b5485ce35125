import type { Diagnostic } from '../dialect/common/diagnostic.ts';
import type { RunEnd } from '../engine/run.ts';

/** What a command comes to. What its process ends with is what the program makes of it. */
export const exitCode = {
  ok: 0,
  failed: 1,
  /** An invalid pipeline, or something else that was read and is wrong. */
  invalid: 2,
  /** The place where a run would happen is not there, or refuses. */
  unavailable: 3,
  /** Nothing is wrong with a file but that something is not there (EX_NOINPUT): for a server, which may wait for it. */
  missing: 66,
  /** Wrong usage (EX_USAGE of sysexits.h). */
  usage: 64,
  /** There is no server, or it refuses (EX_UNAVAILABLE). */
  server: 69,
  /** A bug of ours (EX_SOFTWARE). */
  bug: 70,
} as const;

/** What the process of `continuo` ends with: it has one code for all that a person got wrong. */
export const codeOfContinuo = (code: number): number => {
  if (code === exitCode.usage) return exitCode.invalid;
  // Nothing can run there.
  return code === exitCode.server ? exitCode.unavailable : code;
};

/** What mistakes come to; something that was not there to find more of them comes before them. */
export const codeOfMistakes = (mistakes: readonly Pick<Diagnostic, 'reason'>[]): number =>
  mistakes.some(({ reason }) => reason === 'environment') ? exitCode.unavailable : exitCode.invalid;

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
