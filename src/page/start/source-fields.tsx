import { useState } from 'react';

import { FieldInput } from '../try/field-input.tsx';
import { readText } from './read-text.ts';
import { useDrop } from './use-drop.ts';

import type { Field } from '../try/fields.ts';
import type { Draft } from './draft.ts';
import type { Problems } from './to-order.ts';
import type { Drafting } from './use-draft.ts';

const fileField: Field = {
  ...{ where: 'body', name: 'File', isRequired: true, takes: { kind: 'text', isLong: false } },
  about: 'Its path in the workspace of the server, or an address.',
};

const textField: Field = {
  ...{ where: 'body', name: 'Text', isRequired: true, takes: { kind: 'text', isLong: true } },
  about: 'What it imports by paths is looked for in the workspace of the server.',
};

const ways = {
  file: 'A file of the server, or at an address',
  text: 'A text, or a file of your own machine',
} as const;

export interface SourceFieldsProps {
  readonly draft: Draft;
  readonly change: Drafting['change'];
  readonly problems: Problems | undefined;
}

/** Where the pipeline comes from. */
export function SourceFields({ draft, change, problems }: SourceFieldsProps) {
  const { from } = draft;
  const [told, setTold] = useState('');
  const take = async (file: File): Promise<void> => {
    const read = await readText(file);
    if (read.ok) change({ from: 'text', text: read.value });
    setTold(
      read.ok ? `'${file.name}' is in the text below: look at it, or change it.` : read.failure,
    );
  };
  useDrop((file) => void take(file));
  return (
    <fieldset>
      <legend>Pipeline</legend>
      <div className="ways">
        {(['file', 'text'] as const).map((way) => (
          <label key={way}>
            <input
              type="radio"
              name="from"
              checked={from === way}
              onChange={() => {
                setTold('');
                change({ from: way });
              }}
            />{' '}
            {ways[way]}
          </label>
        ))}
      </div>
      {from === 'text' && (
        <div className="choose">
          <label>
            Choose a file …
            <input
              type="file"
              className="unseen"
              onChange={({ target }) => {
                const [file] = target.files ?? [];
                if (file) void take(file);
                // The same one may be chosen again once it was changed.
                target.value = '';
              }}
            />
          </label>{' '}
          <span className="quiet">or drop one here</span>
        </div>
      )}
      <p role="status" className="told">
        {told}
      </p>
      <FieldInput
        key={from}
        field={from === 'file' ? fileField : textField}
        value={draft[from]}
        problem={problems?.get(from)}
        onChange={(value) => change({ [from]: value })}
      />
    </fieldset>
  );
}
