import { useState } from 'react';

import type { ControlsProps } from './controls.tsx';

/** Lets a paused run go on up to and including a step that is chosen. */
export function ResumeTo({ view, commanding }: ControlsProps) {
  const [chosen, setChosen] = useState('');
  const ahead = [...view.nodes.values()].filter(
    ({ kind, state }) => kind !== 'service' && state === 'pending',
  );
  const step = ahead.find(({ id }) => id === chosen)?.id ?? ahead[0]?.id;
  if (step === undefined) return null;
  return (
    <form
      className="resume-to"
      onSubmit={(event) => {
        event.preventDefault();
        commanding.send({ do: 'resume', to: { step } });
      }}
    >
      <button disabled={commanding.isBusy}>Resume up to</button>{' '}
      <select
        aria-label="The last step of it"
        value={step}
        onChange={({ target }) => setChosen(target.value)}
      >
        {ahead.map(({ id, name, depth }) => (
          <option key={id} value={id}>
            {`${'  '.repeat(depth)}${name}`}
          </option>
        ))}
      </select>
    </form>
  );
}
