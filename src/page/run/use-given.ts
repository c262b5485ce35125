import { useState } from 'react';

import { takeInput } from '../../event/check-answer.ts';

import type { Answer, AskedInput } from '../../event/question.ts';

/** What a person has put into the inputs of a question by now. */
export interface Given {
  readonly value: (name: string) => string;
  readonly isSecret: (name: string) => boolean;
  /** What is wrong with it, since the person wanted to hand it over. */
  readonly problem: (name: string) => string | undefined;
  readonly give: (name: string, value: string) => void;
  readonly hide: (name: string, isSecret: boolean) => void;
  /** All of it, or the name of the first input that cannot be taken, which is told from then on. */
  readonly handOver: () => Pick<Answer, 'inputs' | 'secrets'> | { readonly wrong: string };
}

/** Keeps what is put into inputs, and checks it by the rules of the run. */
export function useGiven(inputs: readonly AskedInput[]): Given {
  const [values, setValues] = useState<ReadonlyMap<string, string>>(new Map());
  const [secrets, setSecrets] = useState<ReadonlySet<string>>(new Set());
  const [isChecked, setChecked] = useState(false);
  const problemOf = (name: string): string | undefined => {
    const input = inputs.find((one) => one.name === name);
    const taken = input && takeInput(input, values.get(name));
    return taken?.ok === false ? taken.failure : undefined;
  };
  return {
    value: (name) => values.get(name) ?? '',
    isSecret: (name) => secrets.has(name),
    problem: (name) => (isChecked ? problemOf(name) : undefined),
    give: (name, value) => setValues(new Map([...values, [name, value]])),
    hide: (name, isSecret) =>
      setSecrets(
        new Set([...[...secrets].filter((one) => one !== name), ...(isSecret ? [name] : [])]),
      ),
    handOver() {
      setChecked(true);
      const wrong = inputs.find(({ name }) => problemOf(name) !== undefined);
      if (wrong) return { wrong: wrong.name };
      const hidden = [...secrets];
      return {
        inputs: Object.fromEntries(values),
        ...(hidden.length > 0 && { secrets: hidden }),
      };
    },
  };
}
