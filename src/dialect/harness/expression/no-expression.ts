import type { Problem } from './parsed.ts';

/** Thrown within the parser for what reads like an expression and is none. */
export class NoExpression extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.problem);
    this.problem = problem;
  }
}
