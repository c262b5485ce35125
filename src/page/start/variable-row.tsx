import { FieldInput } from '../try/field-input.tsx';

import type { Field } from '../try/fields.ts';
import type { DraftVariable } from './draft.ts';
import type { Problems } from './to-order.ts';

export interface VariableRowProps {
  readonly variable: DraftVariable;
  /** Its number among them, from 1. */
  readonly nth: number;
  readonly problems: Problems | undefined;
  readonly onChange: (news: Partial<DraftVariable>) => void;
  readonly onRemove: () => void;
}

const fieldOf = (name: string): Field => ({
  ...{ where: 'body', name, isRequired: false, about: '' },
  takes: { kind: 'text', isLong: false },
});
const nameField = fieldOf('Name');
const valueField = fieldOf('Value');

/** One variable, as it is written. */
export function VariableRow({ variable, nth, problems, onChange, onRemove }: VariableRowProps) {
  const { key, name, value, isSecret } = variable;
  return (
    <div className="variable" role="group" aria-label={`Variable ${nth}`}>
      <FieldInput
        field={nameField}
        value={name}
        problem={problems?.get(`name ${key}`)}
        onChange={(written) => onChange({ name: written })}
      />
      <FieldInput
        field={valueField}
        value={value}
        isSecret={isSecret}
        problem={problems?.get(`value ${key}`)}
        onChange={(written) => onChange({ value: written })}
      />
      <label>
        <input
          type="checkbox"
          checked={isSecret}
          onChange={({ target }) => onChange({ isSecret: target.checked })}
        />{' '}
        A secret
      </label>
      <button type="button" aria-label={`Remove variable ${nth}`} onClick={onRemove}>
        Remove
      </button>
    </div>
  );
}
