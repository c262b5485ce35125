import type { Turnout } from '../plan/plan.ts';

/**
 * How a stage that fails in order has gone, as far as that is before one place of it: a failure in
 * another branch of a parallel group is not before, what breaks the whole stage is.
 */
export class Course {
  readonly #stage: { breaks: number };
  readonly #before: Before;
  #hasFailed = false;

  private constructor(stage: { breaks: number }, before: Before) {
    this.#stage = stage;
    this.#before = before;
  }

  /** That of a stage which begins. */
  static begin(): Course {
    return new Course({ breaks: 0 }, { failed: false, counts: false, breaks: 0 });
  }

  /** From here on within a group. One that runs in spite of a failure begins anew. */
  within(): Course {
    const { breaks } = this.#stage;
    return new Course(this.#stage, { failed: this.#any, counts: false, breaks });
  }

  /** From here on in one of several branches beside each other. */
  beside(): Course {
    const { breaks } = this.#stage;
    return new Course(this.#stage, { failed: this.#any, counts: this.#counting, breaks });
  }

  /** Something failed here. */
  fail(): void {
    this.#hasFailed = true;
  }

  /** Something failed that all of the stage stands on. */
  break(): void {
    this.#stage.breaks += 1;
  }

  /** Whether what is for such a turnout runs now. */
  lets(after: Turnout = 'success'): boolean {
    return after === 'either' || (after === 'success' ? !this.#counting : this.#any);
  }

  get #any(): boolean {
    return this.#before.failed || this.#hasFailed || this.#stage.breaks > 0;
  }

  get #counting(): boolean {
    return this.#before.counts || this.#hasFailed || this.#stage.breaks > this.#before.breaks;
  }
}

interface Before {
  /** Something failed before. */
  readonly failed: boolean;
  /** And that keeps what is for a success from running. */
  readonly counts: boolean;
  /** How often all of the stage had broken by then. */
  readonly breaks: number;
}
