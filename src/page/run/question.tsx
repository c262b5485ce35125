import { useId, useRef, useState } from 'react';

import { choiceWords, isHarsh } from './choice-words.ts';
import { InputField } from './input-field.tsx';
import { useGiven } from './use-given.ts';

import type { OpenQuestion } from '../../event/open-questions.ts';
import type { Choice } from '../../event/question.ts';
import type { Commanding } from './use-command.ts';

export interface QuestionProps {
  readonly question: OpenQuestion;
  readonly commanding: Commanding;
}

/** What a run asks a person, and the ways to answer. */
export function Question({ question, commanding }: QuestionProps) {
  const { id, name, kind, message, choices, inputs = [] } = question;
  const heading = useId();
  const form = useRef<HTMLFormElement>(null);
  const [comment, setComment] = useState('');
  const given = useGiven(inputs);
  const takesComment = !choices.includes('give');
  const answer = (choice: Choice): void => {
    const said = comment === '' ? {} : { comment };
    if (!givesInputs(choice)) {
      commanding.send({ do: 'answer', step: id, choice, ...said });
      return;
    }
    const handed = given.handOver();
    if ('wrong' in handed) {
      const nth = inputs.findIndex((one) => one.name === handed.wrong);
      form.current?.querySelectorAll<HTMLElement>('.field > :is(input, select)')[nth]?.focus();
      return;
    }
    const { secrets, ...more } = handed;
    const hidden = secrets && { secrets: [...secrets] };
    commanding.send({ do: 'answer', step: id, choice, ...said, ...more, ...hidden });
  };
  const [first, ...others] = choices;
  return (
    <section className="question" aria-labelledby={heading}>
      <h2 id={heading}>
        {kind} &apos;{name}&apos; asks
      </h2>
      <p className="message">{message}</p>
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (first && !commanding.isBusy) answer(first);
        }}
      >
        {inputs.map((input) => (
          <InputField
            key={input.name}
            input={input}
            value={given.value(input.name)}
            isSecret={given.isSecret(input.name)}
            problem={given.problem(input.name)}
            onGive={(value) => given.give(input.name, value)}
            onSecret={(isSecret) => given.hide(input.name, isSecret)}
          />
        ))}
        {takesComment && (
          <label className="field">
            Comment
            <textarea
              rows={2}
              value={comment}
              maxLength={10_000}
              onChange={({ target }) => setComment(target.value)}
            />
          </label>
        )}
        <div className="choices">
          {first && (
            <button className="main" disabled={commanding.isBusy}>
              {choiceWords[first]}
            </button>
          )}
          {others.map((choice) => (
            <button
              key={choice}
              type="button"
              className={isHarsh(choice) ? 'danger' : undefined}
              disabled={commanding.isBusy}
              onClick={() => answer(choice)}
            >
              {choiceWords[choice]}
            </button>
          ))}
        </div>
      </form>
    </section>
  );
}

const givesInputs = (choice: Choice): boolean => choice === 'approve' || choice === 'give';
