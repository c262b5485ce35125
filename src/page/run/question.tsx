import { useId, useState } from 'react';

import type { AskedInput } from '../../event/question.ts';
import type { GroupView, StepView } from '../../event/view.ts';
import type { Commanding } from './use-command.ts';

export interface QuestionProps {
  readonly node: StepView | GroupView;
  readonly commanding: Commanding;
}

/** What a run asks a person, and the ways to answer. */
export function Question({ node, commanding }: QuestionProps) {
  const heading = useId();
  const [comment, setComment] = useState('');
  const [given, setGiven] = useState<Readonly<Record<string, string>>>({});
  if (!node.asked) return null;
  const { message, choices, inputs = [] } = node.asked;
  const said = comment === '' ? {} : { comment };
  const approve = (): void =>
    commanding.send({ do: 'approve', step: node.id, ...said, inputs: { ...given } });
  return (
    <section className="question" aria-labelledby={heading}>
      <h2 id={heading}>
        {node.kind} &apos;{node.name}&apos; asks
      </h2>
      <p className="message">{message}</p>
      {choices.includes('approve') ? (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            approve();
          }}
        >
          {inputs.map((input) => (
            <Input
              key={input.name}
              input={input}
              value={given[input.name] ?? ''}
              onGive={(value) => setGiven({ ...given, [input.name]: value })}
            />
          ))}
          <label className="field">
            Comment
            <textarea
              rows={2}
              value={comment}
              maxLength={10_000}
              onChange={({ target }) => setComment(target.value)}
            />
          </label>
          <button className="main" disabled={commanding.isBusy}>
            Approve
          </button>{' '}
          <button
            type="button"
            className="danger"
            disabled={commanding.isBusy}
            onClick={() => commanding.send({ do: 'reject', step: node.id, ...said })}
          >
            Reject
          </button>
        </form>
      ) : (
        <p className="quiet">
          This is answered at the terminal of the run, or by its command line.
        </p>
      )}
    </section>
  );
}

interface InputProps {
  readonly input: AskedInput;
  readonly value: string;
  readonly onGive: (value: string) => void;
}

function Input({ input, value, onGive }: InputProps) {
  const { name, description, allowed, fallback, required } = input;
  const label = `${name}${required === true ? ' (required)' : ''}`;
  return (
    <label className="field">
      {label}
      {description !== undefined && <span className="quiet">{description}</span>}
      {allowed ? (
        <select value={value} onChange={({ target }) => onGive(target.value)}>
          <option value="">{fallback ?? ''}</option>
          {allowed.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      ) : (
        <input
          value={value}
          placeholder={fallback}
          onChange={({ target }) => onGive(target.value)}
        />
      )}
    </label>
  );
}
