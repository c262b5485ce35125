import type { Source } from '../common/source.ts';

/** What is given for the inputs of a pipeline from outside. */
export interface GivenInputs {
  /** One by one, each by its name or its path. The later ones win, and all of them win over files. */
  readonly values: readonly NamedValue[];
  /** Files of them: the shape of the pipeline, or a map of names. The later ones win. */
  readonly files: readonly Source[];
  /** Asks a person for what is not given; `undefined` when nothing is answered. Absent: there is nobody. */
  readonly ask?: AskInput;
}

export interface NamedValue {
  readonly name: string;
  readonly value: string;
}

export type AskInput = (question: InputQuestion) => Promise<string | undefined>;

/** What a person is asked. */
export interface InputQuestion {
  /** The path of the input in the pipeline. */
  readonly path: string;
  /** What is taken when nothing is answered. */
  readonly fallback?: string;
  /** What it may be, in words. Absent: anything. */
  readonly expected?: string;
  /** What is wrong with what was answered before. */
  readonly problem?: string;
}
