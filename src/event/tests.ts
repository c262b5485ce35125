export type TestOutcome = 'passed' | 'failed' | 'skipped' | 'error';

/** What a report tells of one test. */
export interface TestCase {
  readonly name: string;
  readonly suite?: string;
  readonly classname?: string;
  /** The source file that the report names. */
  readonly file?: string;
  readonly seconds?: number;
  readonly outcome: TestOutcome;
  /** Why it did not pass, or was skipped. */
  readonly message?: string;
}

/** How many tests there are of each outcome, and how long all of them took. */
export interface TestCounts extends Readonly<Record<TestOutcome, number>> {
  readonly seconds: number;
}

/** What one report tells. */
export interface TestFile {
  /** Its path, relative to the workspace where it lies there. */
  readonly file: string;
  /** Of all of its tests. */
  readonly counts: TestCounts;
  /** All of them or, where there are very many, first those that broke. */
  readonly cases: readonly TestCase[];
}

/** Which reports a task is believed to have written. */
export interface ReportsAsked {
  readonly task: string;
  /** Paths and patterns of paths on this machine, relative to the workspace unless absolute. */
  readonly patterns: readonly string[];
  /** When the task began: what was written before is of somebody else. */
  readonly sinceMs: number;
  /** Aborts when nobody wants to know any more. */
  readonly signal: AbortSignal;
}

export interface ReportsRead {
  readonly files: readonly TestFile[];
  /** What is odd about the rest. */
  readonly warnings: readonly string[];
}

/** Reads the reports of one task after the other. Never rejects. */
export type ReadReports = (asked: ReportsAsked) => Promise<ReportsRead>;

export const noTests: TestCounts = { passed: 0, failed: 0, skipped: 0, error: 0, seconds: 0 };

/** The sum of two. */
export const addTests = (one: TestCounts, other: TestCounts): TestCounts => ({
  passed: one.passed + other.passed,
  failed: one.failed + other.failed,
  skipped: one.skipped + other.skipped,
  error: one.error + other.error,
  seconds: one.seconds + other.seconds,
});
