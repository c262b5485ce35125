import { useEffect, useRef, useState } from 'react';

import { AnswerView } from './answer-view.tsx';
import { CurlLine } from './curl-line.tsx';
import { FieldInput } from './field-input.tsx';
import { fieldsOf, keyOf, toRequest } from './to-request.ts';
import { useSending } from './use-sending.ts';
import { Words } from './words.tsx';

import type { Operation } from './operations.ts';
import type { Values } from './to-request.ts';

export interface OperationViewProps {
  readonly operation: Operation;
  /** What was written into fields, of other operations as well: a run is a run. */
  readonly values: Values;
  readonly onChange: (key: string, value: string) => void;
}

/** One thing that the server can be asked: a form for it, and what comes of that. */
export function OperationView({ operation, values, onChange }: OperationViewProps) {
  const { method, path, summary, description, body } = operation;
  const shapes = body?.kind === 'shapes' ? body.shapes : [];
  const [nth, setNth] = useState(0);
  const [isChecked, setChecked] = useState(false);
  const { sent, send, stop } = useSending();
  const heading = useRef<HTMLHeadingElement>(null);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const shape = shapes[nth];
  const fields = fieldsOf(operation, shape);
  const request = toRequest(operation, shape, values);
  const problems = isChecked && !request.ok ? request.failure : undefined;
  const submit = (): void => {
    setChecked(true);
    if (request.ok) {
      send(request.value);
      return;
    }
    const first = fields.findIndex((field) => request.failure.has(keyOf(field)));
    const written = '.field > :is(input, select, textarea)';
    form.current?.querySelectorAll<HTMLElement>(written).item(first).focus();
  };
  return (
    <section className="operation" aria-labelledby="operation">
      <h2 id="operation" ref={heading} tabIndex={-1}>
        {summary}
      </h2>
      <p>
        <code>
          {method} {path}
        </code>
      </p>
      {description !== '' && (
        <p>
          <Words text={description} />
        </p>
      )}
      <form
        ref={form}
        noValidate
        aria-labelledby="operation"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {shapes.length > 1 && (
          <p>
            <label>
              What to do{' '}
              <select value={nth} onChange={({ target }) => setNth(Number(target.value))}>
                {shapes.map(({ name }, at) => (
                  <option key={name} value={at}>
                    {name}
                  </option>
                ))}
              </select>
            </label>
          </p>
        )}
        {fields.map((field) => (
          <FieldInput
            key={keyOf(field)}
            field={field}
            value={values.get(keyOf(field)) ?? ''}
            problem={problems?.get(keyOf(field))}
            onChange={(value) => onChange(keyOf(field), value)}
          />
        ))}
        <button className="main">Send</button>
      </form>
      {request.ok && <CurlLine request={request.value} />}
      <AnswerView sent={sent} stop={stop} />
    </section>
  );
}
