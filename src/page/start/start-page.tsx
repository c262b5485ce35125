import { useEffect, useRef, useState } from 'react';

import './start.css';
import { FieldInput } from '../try/field-input.tsx';
import { withoutSecrets } from './draft.ts';
import { SourceFields } from './source-fields.tsx';
import { StartButtons } from './start-buttons.tsx';
import { toOrder } from './to-order.ts';
import { useDraft } from './use-draft.ts';
import { useStart } from './use-start.ts';
import { VariableRows } from './variable-rows.tsx';

import type { Field } from '../try/fields.ts';

const nameField: Field = {
  ...{ where: 'body', name: 'Name of the run', isRequired: false },
  takes: { kind: 'text', isLong: false },
  about: 'What it is called in the list.',
};

const breakField: Field = {
  ...{ where: 'body', name: 'Pause before', isRequired: false },
  takes: { kind: 'text', isLong: true },
  about: 'Names or ids of steps, services and groups, one on each line.',
};

/** A form for what most runs are started with. */
export function StartPage() {
  const { draft, change, replace } = useDraft();
  const { send, forget, isBusy, refusal } = useStart(() => replace(withoutSecrets));
  const [tries, setTries] = useState(0);
  const form = useRef<HTMLFormElement>(null);
  const ordered = toOrder(draft, false);
  const problems = tries > 0 && !isBusy && !ordered.ok ? ordered.failure : undefined;
  useEffect(() => {
    document.title = 'New run · Continuo';
    return () => void (document.title = 'Continuo');
  }, []);
  useEffect(() => {
    if (tries > 0) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [tries]);
  const submit = (isLoaded: boolean): void => {
    setTries(tries + 1);
    const order = toOrder(draft, isLoaded);
    if (isBusy) return;
    if (order.ok) send(order.value);
    else forget();
  };
  return (
    <div className="start-page">
      <h1>New run</h1>
      <form
        ref={form}
        noValidate
        aria-label="New run"
        onSubmit={(event) => {
          event.preventDefault();
          submit(false);
        }}
      >
        <SourceFields draft={draft} change={change} problems={problems} />
        <FieldInput
          field={nameField}
          value={draft.name}
          problem={undefined}
          onChange={(name) => change({ name })}
        />
        <VariableRows
          variables={draft.variables}
          problems={problems}
          onChange={(variables) => change({ variables })}
        />
        <div className="breaks">
          <FieldInput
            field={breakField}
            value={draft.breaks}
            problem={undefined}
            onChange={(breaks) => change({ breaks })}
          />
        </div>
        <StartButtons isBusy={isBusy} refusal={refusal} onLoad={() => submit(true)} />
      </form>
    </div>
  );
}
