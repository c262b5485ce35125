import { useEffect, useRef } from 'react';

import './keys-help.css';

const parts = [
  {
    where: 'Everywhere',
    keys: [
      ['?', 'this list'],
      ['Tab', 'to the next thing that can be pressed; Enter presses it'],
    ],
  },
  {
    where: 'In the tree',
    keys: [
      ['Enter', 'on a step or service: its log'],
      ['Enter', 'on a group: folds it, or opens it again'],
    ],
  },
  {
    where: 'In the lines of the timeline',
    keys: [
      ['↑ ↓', 'the line before, the next line'],
      ['+ −', 'nearer, farther'],
      ['← →', 'earlier, later'],
      ['Home', 'all of it'],
      ['Enter', 'on a step or service: its log; on a group: only its time'],
    ],
  },
  {
    where: 'In the lines of the log',
    keys: [
      ['/', 'to the search'],
      ['↑ ↓', 'a line up, a line down; Page Up, Page Down and Space by as many as are seen'],
      ['Home, End', 'the first line, the last one'],
    ],
  },
  {
    where: 'In the search',
    keys: [
      ['Enter', 'the next hit'],
      ['Shift Enter', 'the one before'],
      ['Esc', 'no search'],
    ],
  },
  {
    where: 'In the field Line',
    keys: [['Enter', 'to that line, which the address then links to; 12-30 chooses lines to copy']],
  },
] as const;

/** Tells which keys there are, by a button and by `?`. */
export function KeysHelp() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const life = new AbortController();
    const press = (event: KeyboardEvent): void => {
      const { key, target, ctrlKey, metaKey, altKey } = event;
      const types = target instanceof Element && target.closest('input, textarea, select');
      if (key !== '?' || types || ctrlKey || metaKey || altKey || dialog.current?.open) return;
      event.preventDefault();
      dialog.current?.showModal();
    };
    addEventListener('keydown', press, { signal: life.signal });
    return () => life.abort();
  }, []);
  return (
    <>
      <button type="button" onClick={() => dialog.current?.showModal()}>
        Keys ( ? )
      </button>
      <dialog ref={dialog} className="keys" aria-labelledby="keys">
        <form method="dialog">
          <h2 id="keys">Keys</h2>
          <div className="keys-parts" tabIndex={0} role="group" aria-labelledby="keys">
            {parts.map(({ where, keys }) => (
              <section key={where}>
                <h3>{where}</h3>
                <dl>
                  {keys.map(([key, what], nth) => (
                    <div key={nth}>
                      <dt>
                        <kbd>{key}</kbd>
                      </dt>
                      <dd>{what}</dd>
                    </div>
                  ))}
                </dl>
              </section>
            ))}
          </div>
          <button className="main">Close</button>
        </form>
      </dialog>
    </>
  );
}
