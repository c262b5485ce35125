/** One variable that a run is to be given. */
export interface DraftVariable {
  /** Tells it from the others while it is written. */
  readonly key: number;
  readonly name: string;
  readonly value: string;
  readonly isSecret: boolean;
}

/** What is written into the form for a new run. */
export interface Draft {
  /** Which of the two is meant; what is written into the other one stays. */
  readonly from: 'file' | 'text';
  readonly file: string;
  readonly text: string;
  readonly name: string;
  readonly variables: readonly DraftVariable[];
  /** What the run pauses before, one on each line. */
  readonly breaks: string;
}

export const emptyDraft: Draft = {
  ...{ from: 'file', file: '', text: '', name: '' },
  ...{ variables: [], breaks: '' },
};

/** A variable of which nothing is written yet. */
export const newVariable = (among: readonly DraftVariable[]): DraftVariable => ({
  key: Math.max(0, ...among.map(({ key }) => key)) + 1,
  ...{ name: '', value: '', isSecret: false },
});

/** The same with nothing in it that is secret; what the secrets are called stays. */
export const withoutSecrets = ({ variables, ...draft }: Draft): Draft => ({
  ...draft,
  variables: variables.map((one) => (one.isSecret ? { ...one, value: '' } : one)),
});
