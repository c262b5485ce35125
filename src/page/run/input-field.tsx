import { useId } from 'react';

import type { AskedInput } from '../../event/question.ts';

export interface InputFieldProps {
  readonly input: AskedInput;
  readonly value: string;
  readonly isSecret: boolean;
  /** What is wrong with what was given. */
  readonly problem: string | undefined;
  readonly onGive: (value: string) => void;
  readonly onSecret: (isSecret: boolean) => void;
}

/** One input that a question asks for. */
export function InputField(props: InputFieldProps) {
  const { input, value, isSecret, problem, onGive, onSecret } = props;
  const { name, description, allowed, fallback, required } = input;
  const id = useId();
  const about = [
    ...(description === undefined ? [] : [`${id}about`]),
    ...(problem === undefined ? [] : [`${id}problem`]),
  ].join(' ');
  const common = {
    ...{ id, value, 'aria-invalid': problem !== undefined },
    ...(about !== '' && { 'aria-describedby': about }),
  };
  return (
    <div className="field">
      <label htmlFor={id} id={`${id}name`}>
        {name}
        {required === true && ' (required)'}
      </label>
      {description !== undefined && (
        <span id={`${id}about`} className="quiet">
          {description}
        </span>
      )}
      {allowed ? (
        <select {...common} onChange={({ target }) => onGive(target.value)}>
          <option value="">{fallback ?? ''}</option>
          {allowed.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      ) : (
        <input
          {...common}
          type={isSecret ? 'password' : 'text'}
          autoComplete="off"
          placeholder={fallback}
          onChange={({ target }) => onGive(target.value)}
        />
      )}
      {problem !== undefined && (
        <span id={`${id}problem`} className="bad">
          It {problem}.
        </span>
      )}
      {!allowed && (
        <label className="quiet">
          <input
            type="checkbox"
            aria-describedby={`${id}name`}
            checked={isSecret}
            onChange={({ target }) => onSecret(target.checked)}
          />{' '}
          A secret: never shown again
        </label>
      )}
    </div>
  );
}
