import type { Plan } from '../../plan/plan.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Source } from './source.ts';

/** A pipeline file without a mistake: what will be done, and what its author should know. */
export interface PipelineFile {
  readonly plan: Plan;
  readonly warnings: readonly Diagnostic[];
  /** The file and all that it brings in, as they may be shown. */
  readonly sources: readonly Source[];
}

/** A pipeline file with mistakes: all of them, those of the files that it brings in included. */
export interface PipelineMistakes {
  readonly diagnostics: readonly Diagnostic[];
  /** What could be read, as it may be shown. */
  readonly sources: readonly Source[];
}
