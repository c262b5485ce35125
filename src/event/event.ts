import type { Address, ImageProgress, OutputStream } from '../executor/executor.ts';
import type { Plan } from '../plan/plan.ts';
import type { PauseEnd, PauseReason } from './pause.ts';
import type { Answer, Question } from './question.ts';
import type { TestFile } from './tests.ts';
import type {
  Cause,
  GroupEnd,
  ProbeReport,
  RunOutcome,
  ServiceEnd,
  SkipReason,
  StepEnd,
  StepOutcome,
} from './outcome.ts';

/**
 * What happened, told by the engine. JSON-able and additive only: a reader skips types it does
 * not know. Steps, services and groups are named by their ids in the plan.
 */
export type RunEvent =
  | {
      readonly type: 'run.started';
      readonly run: string;
      /** The process that carries the run out, so that others can tell whether it still lives. */
      readonly pid: number;
      /** When that process started, as its system tells it: its number may be given again. */
      readonly pidStart?: string;
      readonly version: string;
      readonly workspace: string;
      readonly plan: Plan;
    }
  /** Somebody asked for the end: a signal's name without `SIG`. Told again when they insist. */
  | { readonly type: 'run.cancelling'; readonly by: string; readonly forced: boolean }
  /**
   * Nothing begins from here on; what runs goes on, services are watched. Told again when something fails
   * meanwhile.
   */
  | { readonly type: 'run.paused'; readonly why: PauseReason }
  | (PauseEnd & { readonly type: 'run.resumed' })
  /** A variable that somebody gave to the run, at its start or since. A secret's value is not told. */
  | {
      readonly type: 'run.variable';
      readonly name: string;
      readonly value?: string;
      readonly by?: string;
    }
  | { readonly type: 'run.ended'; readonly outcome: RunOutcome; readonly cause?: Cause }
  /** Told when a pull begins, now and then while it goes on, and when it is known what came of it. */
  | { readonly type: 'image.progress'; readonly progress: ImageProgress }
  | { readonly type: 'stage.started'; readonly stage: string }
  /** A stage that was skipped never started, and everything in it is told of as skipped. */
  | {
      readonly type: 'stage.ended';
      readonly stage: string;
      readonly outcome: StepOutcome;
      /** What broke first in it. Absent when nothing did. */
      readonly cause?: Cause;
      /** Why it was skipped, if it was. */
      readonly because?: SkipReason;
    }
  /** With an attempt that is not its first, everything below it begins anew: nothing of before counts. */
  | {
      readonly type: 'group.started';
      readonly group: string;
      /** Absent: the first. */
      readonly attempt?: number;
    }
  /** Nothing of the attempt runs any more, its services included. */
  | {
      readonly type: 'group.retrying';
      readonly group: string;
      /** The attempt that failed. */
      readonly attempt: number;
      readonly end: GroupEnd;
      readonly delayMs: number;
    }
  /** A person is asked what shall be done about its failure. */
  | (Asked & { readonly type: 'group.asked'; readonly group: string; readonly end: GroupEnd })
  | (Answered & { readonly type: 'group.answered'; readonly group: string })
  | {
      readonly type: 'group.ended';
      readonly group: string;
      readonly outcome: StepOutcome;
      /** Absent when it was skipped, and when it succeeded of itself: with one, it counts as succeeded. */
      readonly end?: GroupEnd;
      /** Why it was skipped, if it was. */
      readonly because?: SkipReason;
    }
  /** A person is asked for what a stage, step, service or group wants to know before it starts. */
  | (Asked & { readonly type: 'input.asked'; readonly node: string })
  | (Answered & { readonly type: 'input.answered'; readonly node: string })
  /** The barrier: the step would run now if these services were ready. */
  | { readonly type: 'step.waiting'; readonly step: string; readonly services: readonly string[] }
  | {
      readonly type: 'step.started';
      readonly step: string;
      readonly attempt: number;
      /** The image it runs in, by the name that `image.progress` tells. */
      readonly image?: string;
    }
  | {
      readonly type: 'step.retrying';
      readonly step: string;
      /** The attempt that failed. */
      readonly attempt: number;
      readonly end: StepEnd;
      readonly delayMs: number;
    }
  /** A person is asked; with `end`, what shall be done about that failure of its attempt. */
  | (Asked & { readonly type: 'step.asked'; readonly step: string; readonly end?: StepEnd })
  | (Answered & { readonly type: 'step.answered'; readonly step: string })
  | {
      readonly type: 'step.ended';
      readonly step: string;
      readonly outcome: StepOutcome;
      /** Absent when it was skipped, and when it succeeded of itself: with one, it counts as succeeded. */
      readonly end?: StepEnd;
      /** Why it was skipped, if it was. */
      readonly because?: SkipReason;
    }
  /** What the run has learnt from a step that succeeded: values by the names that the run gives them. */
  | {
      readonly type: 'step.outputs';
      readonly step: string;
      /** Masked. */
      readonly outputs: Readonly<Record<string, string>>;
    }
  | {
      readonly type: 'service.waiting';
      readonly service: string;
      readonly needs: readonly string[];
    }
  /** `start` counts from 1; a restarted service starts again. */
  | {
      readonly type: 'service.starting';
      readonly service: string;
      readonly start: number;
      /** The image it runs in, by the name that `image.progress` tells. */
      readonly image?: string;
    }
  | { readonly type: 'service.running'; readonly service: string; readonly label: string }
  /** Told when an answer changes, and every few seconds while it does not. */
  | {
      readonly type: 'service.asked';
      readonly service: string;
      readonly asked: readonly ProbeReport[];
    }
  | { readonly type: 'service.ready'; readonly service: string; readonly afterMs: number }
  | {
      readonly type: 'service.address';
      readonly service: string;
      readonly addresses: readonly ServiceAddress[];
    }
  | {
      readonly type: 'service.stopping';
      readonly service: string;
      readonly signal: string;
      readonly graceMs: number;
    }
  /** It runs on although its run has ended: that was kept for a person to look into. */
  | { readonly type: 'service.left'; readonly service: string }
  | {
      readonly type: 'service.restarting';
      readonly service: string;
      readonly end: ServiceEnd;
      /** Which restart this is, from 1, and how many there may be. */
      readonly nth: number;
      readonly times: number;
      readonly delayMs: number;
    }
  | {
      readonly type: 'service.ended';
      readonly service: string;
      readonly end: ServiceEnd;
      /** What the service's `on-exit` rule made of it. Absent for ends that are as they should be. */
      readonly verdict?: 'fail' | 'ignore';
    }
  /** A report of a step's attempt before that ends, or of a service once it has ended. */
  | (TestFile & { readonly type: 'tests.read'; readonly task: string })
  /** Something worth knowing that changes no outcome. */
  | { readonly type: 'warning'; readonly about?: string; readonly text: string }
  /** Containers of the run were left up, as somebody wished; the commands lead into them. */
  | { readonly type: 'run.kept'; readonly commands: readonly string[] };

type Asked = Omit<Question, 'id' | 'name'>;
type Answered = Omit<Answer, 'choice' | 'secrets'> & { readonly answer: Answer['choice'] };

/**
 * Where a service is reached, and by whom: by tasks in containers, or by whatever else runs on the
 * machine of the run. Absent: by every task of the run.
 */
export interface ServiceAddress extends Address {
  readonly from?: 'container' | 'host';
}

/** Lines (or a part of one that is very long) that one task printed, as they came. */
export interface OutputRecord {
  readonly type: 'output';
  readonly task: string;
  readonly stream: OutputStream;
  /**
   * Masked. Ends with a newline, or else the line goes on in the next record of the same task and
   * stream, or, when there is none, ended without one.
   */
  readonly bytes: Buffer;
}

/** Numbered from 0 in the order of the journal; `at` in milliseconds since the epoch. */
export type Recorded<T> = T & { readonly seq: number; readonly at: number };

/** One entry of a journal. */
export type JournalRecord = Recorded<RunEvent> | Recorded<OutputRecord>;

/** What the engine writes to. Takes everything at once: a slow reader never slows a run down. */
export interface Recorder {
  event(event: RunEvent): void;
  /** From now on these are masked. */
  hide(secrets: readonly string[]): void;
  /** Opens the record of one launch of a task. */
  output(task: string, options?: OutputOptions): OutputSink;
}

export interface OutputOptions {
  /** Where this word stands in the output, the time of its arrival is put instead. */
  readonly timeMark?: string;
}

export interface OutputSink {
  write(stream: OutputStream, bytes: Buffer): void;
  /** Nothing more will come: what is still held back is written. */
  end(): void;
  /** The last lines so far, masked, ten at most, the oldest first. */
  lastLines(): readonly string[];
}
