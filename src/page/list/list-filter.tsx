import { standings } from '../look/standing.ts';
import { hrefOf } from '../route.ts';

import type { Standing } from '../api/wire.ts';

export interface ListFilterProps {
  readonly outcome: Standing | undefined;
  readonly name: string | undefined;
}

/** Chooses which runs are listed. The address remembers it. */
export function ListFilter({ outcome, name }: ListFilterProps) {
  const go = (wanted: Partial<ListFilterProps>): void => {
    const next = { outcome, name, ...wanted };
    const href = hrefOf({
      kind: 'list',
      ...(next.outcome && { outcome: next.outcome }),
      ...(next.name && { name: next.name }),
    });
    // Going back leads out of the list, not through every letter.
    location.replace(href);
  };
  return (
    <form role="search" className="filter" onSubmit={(event) => event.preventDefault()}>
      <label>
        Name{' '}
        <input
          type="search"
          value={name ?? ''}
          onChange={({ target }) => go({ name: target.value })}
        />
      </label>
      <label>
        Outcome{' '}
        <select
          value={outcome ?? ''}
          onChange={({ target }) =>
            go({ outcome: target.value === '' ? undefined : (target.value as Standing) })
          }
        >
          <option value="">any</option>
          {Object.entries(standings).map(([value, { word }]) => (
            <option key={value} value={value}>
              {word}
            </option>
          ))}
        </select>
      </label>
    </form>
  );
}
