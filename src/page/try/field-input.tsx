import { useId } from 'react';

import { Words } from './words.tsx';

import type { Field } from './fields.ts';

export interface FieldInputProps {
  readonly field: Field;
  readonly value: string;
  /** What is wrong with it. */
  readonly problem: string | undefined;
  /** Nobody sees what is written into it. */
  readonly isSecret?: boolean;
  readonly onChange: (value: string) => void;
}

/** One value of a request. */
export function FieldInput({ field, value, problem, isSecret, onChange }: FieldInputProps) {
  const { name, where, about, isRequired, fallback, takes } = field;
  const id = useId();
  const common = {
    ...{ id, value, 'aria-invalid': problem !== undefined, 'aria-required': isRequired },
    'aria-describedby': `${id}about ${id}problem`,
    onChange: ({ target }: { readonly target: { readonly value: string } }) =>
      onChange(target.value),
  };
  return (
    <div className="field">
      <label htmlFor={id}>
        {name}
        {isRequired && ' (required)'}
      </label>
      <span id={`${id}about`} className="quiet">
        {where === 'query' && 'in the address'}
        {where === 'path' && 'in the path'}
        {where === 'body' && takes.kind === 'json' && 'JSON'}
        {where !== 'body' && about !== '' && ': '}
        {where === 'body' && takes.kind === 'json' && about !== '' && ': '}
        <Words text={about} />
      </span>
      {takes.kind === 'choice' || takes.kind === 'flag' ? (
        <select {...common}>
          <option value="">{fallback === undefined ? '' : `${fallback} (by default)`}</option>
          {(takes.kind === 'flag' ? ['true', 'false'] : takes.options).map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      ) : takes.kind === 'json' || (takes.kind === 'text' && takes.isLong) ? (
        <textarea
          {...common}
          rows={takes.kind === 'json' ? 2 : 6}
          placeholder={fallback}
          spellCheck={false}
        />
      ) : (
        <input
          {...common}
          type={isSecret === true ? 'password' : 'text'}
          inputMode={takes.kind === 'number' ? 'numeric' : undefined}
          placeholder={fallback}
          autoComplete="off"
        />
      )}
      <span id={`${id}problem`} className="bad" hidden={problem === undefined}>
        It {problem}.
      </span>
    </div>
  );
}
