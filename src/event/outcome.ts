import type { Exit, LaunchFailure, ProcessRef } from '../executor/executor.ts';

export type StepOutcome =
  'succeeded' | 'failed' | 'ignored' | 'skipped' | 'timed-out' | 'cancelled';

export type RunOutcome = 'succeeded' | 'failed' | 'cancelled';

/** Why a step did not simply succeed. Facts; sentences are made at the edge. */
export type StepEnd =
  | { readonly kind: 'exited'; readonly exit: Exit }
  | { readonly kind: 'launch'; readonly failure: LaunchFailure }
  | {
      readonly kind: 'timed-out';
      readonly afterMs: number;
      /** What did not come in time is the answer of a person. */
      readonly isUnanswered?: true;
    }
  /** A person said no. */
  | { readonly kind: 'rejected'; readonly by: string; readonly comment?: string }
  /** No answer can come, or none that can be taken. */
  | { readonly kind: 'unanswered'; readonly detail: string }
  /** A service that it `needs` can no longer become ready. */
  | ({ readonly kind: 'needs' } & Unmet)
  | { readonly kind: 'cancelled' };

/** Why a group did not simply succeed. */
export type GroupEnd =
  /** One of its steps, or of those below it, failed before anything else did. */
  | { readonly kind: 'failed'; readonly cause: Cause }
  | { readonly kind: 'timed-out'; readonly afterMs: number }
  /** It did not begin: what its keys ask for cannot be had. */
  | { readonly kind: 'refused'; readonly detail: string }
  | { readonly kind: 'cancelled' };

/** Why a stage did not simply succeed, while nothing in it failed; or the run. */
export type StageEnd =
  | { readonly kind: 'timed-out'; readonly afterMs: number }
  /** It did not begin: its condition cannot be decided, or what it asks for was not given. */
  | { readonly kind: 'refused'; readonly detail: string };

/** A service that is needed, and is not there. */
interface Unmet {
  readonly service: string;
  /** It was skipped, and not because something went wrong with it. */
  readonly isSkipped?: true;
}

/** How a service ended: the closed list of the design, each with its facts. */
export type ServiceEnd =
  | { readonly kind: 'start-error'; readonly failure: LaunchFailure }
  | { readonly kind: 'image'; readonly failure: LaunchFailure }
  | { readonly kind: 'port-taken'; readonly port: number; readonly by?: ProcessRef }
  | {
      readonly kind: 'exited-early';
      readonly exit: Exit;
      readonly afterMs: number;
      /** What it left running: often the server itself, gone to the background. */
      readonly leftBehind: readonly ProcessRef[];
    }
  | {
      readonly kind: 'not-ready';
      readonly afterMs: number;
      readonly asked: readonly ProbeReport[];
      /** Where it listened, when it was none of the ports that it was asked at. Absent: nobody knows. */
      readonly listensOn?: readonly number[];
    }
  | { readonly kind: 'died'; readonly exit: Exit; readonly afterMs: number }
  | { readonly kind: 'out-of-memory' }
  | {
      readonly kind: 'completed';
      readonly afterMs: number;
      /** What it left running, and was ended then. Absent when there was nothing. */
      readonly leftBehind?: readonly ProcessRef[];
    }
  | { readonly kind: 'stopped'; readonly exit: Exit }
  | { readonly kind: 'killed-after-grace'; readonly graceMs: number }
  | { readonly kind: 'lost'; readonly detail: string }
  | { readonly kind: 'skipped'; readonly because: SkipReason };

/** Why something never began. */
export type SkipReason =
  /** The run was over. */
  | { readonly kind: 'cancelled' }
  /** Something before it, or beside it, failed. */
  | { readonly kind: 'failure' }
  /** It is for a failure before it, and there was none. */
  | { readonly kind: 'success' }
  /** Its condition does not hold, or that of a group or stage it stands in. */
  | { readonly kind: 'condition'; readonly group?: string; readonly stage?: string }
  | ({ readonly kind: 'needs' } & Unmet);

/** How far one probe got. */
export interface ProbeReport {
  /** As a person would name it: `tcp localhost:6379`, `GET http://localhost:8080/healthz`. */
  readonly probe: string;
  readonly passed: boolean;
  readonly times: number;
  /** What was last heard: `connection refused`, `status 503`, `exit code 1: …`. */
  readonly answer: string;
}

/** Ends that go by the service's `on-exit` rule; the others are as it should be. */
export const isServiceFailure = ({ kind }: ServiceEnd): boolean =>
  kind !== 'completed' && kind !== 'stopped' && kind !== 'killed-after-grace' && kind !== 'skipped';

/** What broke first, and made the run fail. */
export type Cause =
  | { readonly kind: 'step'; readonly step: string; readonly end: StepEnd }
  /** A group as a whole, while nothing in it failed. */
  | {
      readonly kind: 'group';
      readonly group: string;
      readonly end: Extract<GroupEnd, { kind: 'timed-out' | 'refused' }>;
    }
  /** A stage as a whole, while nothing in it failed. */
  | { readonly kind: 'stage'; readonly stage: string; readonly end: StageEnd }
  /** The run as a whole: its time was up. */
  | { readonly kind: 'run'; readonly end: Extract<StageEnd, { kind: 'timed-out' }> }
  | {
      readonly kind: 'service';
      readonly service: string;
      readonly end: ServiceEnd;
      /** The last lines it said, masked. */
      readonly lastLines: readonly string[];
    }
  | {
      readonly kind: 'environment';
      readonly detail: string;
      /** The step or service that could not start for it. Absent: it is about the whole run. */
      readonly task?: string;
    };
