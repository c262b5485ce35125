import { useEffect, useRef } from 'react';

import { newVariable } from './draft.ts';
import { VariableRow } from './variable-row.tsx';

import type { DraftVariable } from './draft.ts';
import type { Problems } from './to-order.ts';

export interface VariableRowsProps {
  readonly variables: readonly DraftVariable[];
  readonly problems: Problems | undefined;
  readonly onChange: (variables: readonly DraftVariable[]) => void;
}

/** What a run is given: variables, and which of them are secret. */
export function VariableRows({ variables, problems, onChange }: VariableRowsProps) {
  const all = useRef<HTMLFieldSetElement>(null);
  /** Where whoever has added or removed one goes on. */
  const goOn = useRef<string>(undefined);
  useEffect(() => {
    if (goOn.current === undefined) return;
    all.current?.querySelector<HTMLElement>(goOn.current)?.focus();
    goOn.current = undefined;
  });
  const add = (): void => {
    goOn.current = '.variable:nth-last-of-type(1) input';
    onChange([...variables, newVariable(variables)]);
  };
  const remove = (removed: DraftVariable): void => {
    goOn.current = '.add';
    onChange(variables.filter((one) => one !== removed));
  };
  const change = (changed: DraftVariable, news: Partial<DraftVariable>): void =>
    onChange(variables.map((one) => (one === changed ? { ...one, ...news } : one)));
  return (
    <fieldset ref={all}>
      <legend>Variables</legend>
      {variables.map((one, index) => (
        <VariableRow
          key={one.key}
          variable={one}
          nth={index + 1}
          problems={problems}
          onChange={(news) => change(one, news)}
          onRemove={() => remove(one)}
        />
      ))}
      <button type="button" className="add" onClick={add}>
        Add a variable
      </button>
      {variables.some(({ isSecret }) => isSecret) && (
        <p className="quiet">
          What is secret is never shown, and forgotten here once the run has it.
        </p>
      )}
    </fieldset>
  );
}
