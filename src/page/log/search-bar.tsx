import { areAll, backwards, describeHits, forwards } from './hits.ts';

import type { KeyboardEvent, Ref } from 'react';
import type { Search } from './use-search.ts';

export interface SearchBarProps {
  readonly search: Search;
  readonly field: Ref<HTMLInputElement>;
}

/** What to search for in a log, and the way through what was found. */
export function SearchBar({ search, field }: SearchBarProps) {
  const { sought, counted, seek, go } = search;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') seek({ ...sought, text: '' });
    if (event.key !== 'Enter') return;
    event.preventDefault();
    go(event.shiftKey ? backwards : forwards);
  };
  const isEmpty = !counted || (areAll(counted) && counted.lines.length === 0);
  return (
    <div role="search" className="log-search">
      <label>
        <span className="unseen">Search the log</span>
        <input
          ref={field}
          type="search"
          placeholder="Search ( / )"
          maxLength={1_000}
          value={sought.text}
          onChange={({ target }) => seek({ ...sought, text: target.value })}
          onKeyDown={onKeyDown}
        />
      </label>
      <label title="Capital letters are told from small ones">
        <input
          type="checkbox"
          checked={sought.matchCase}
          onChange={({ target }) => seek({ ...sought, matchCase: target.checked })}
        />{' '}
        <abbr title="Match case">Aa</abbr>
      </label>
      <button
        type="button"
        title="Previous (Shift+Enter)"
        disabled={isEmpty}
        onClick={() => go(backwards)}
      >
        <span aria-hidden="true">↑</span> <span className="unseen">Previous hit</span>
      </button>
      <button type="button" title="Next (Enter)" disabled={isEmpty} onClick={() => go(forwards)}>
        <span aria-hidden="true">↓</span> <span className="unseen">Next hit</span>
      </button>
      <span role="status" className="log-hits">
        {describe(search)}
      </span>
    </div>
  );
}

function describe({ sought, counted, line, isBusy, trouble }: Search): string {
  if (sought.text === '') return '';
  if (trouble) return trouble.words;
  if (!counted) return isBusy ? 'Searching …' : '';
  return describeHits(counted, line);
}
