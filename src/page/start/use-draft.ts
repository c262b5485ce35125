import { useState } from 'react';

import { emptyDraft } from './draft.ts';

import type { Draft } from './draft.ts';

export interface Drafting {
  readonly draft: Draft;
  /** Writes this into it, over what is there now. */
  readonly change: (news: Partial<Draft>) => void;
  /** Makes it another one. */
  readonly replace: (by: (now: Draft) => Draft) => void;
}

/** In memory alone: no storage of the browser sees what is secret in it. */
let kept = emptyDraft;

/** What is written into the form. It is still there after a look at something else, and gone with the page. */
export function useDraft(): Drafting {
  const [draft, setDraft] = useState(kept);
  const replace = (by: (now: Draft) => Draft): void => {
    kept = by(kept);
    setDraft(kept);
  };
  return { draft, replace, change: (news) => replace((now) => ({ ...now, ...news })) };
}
