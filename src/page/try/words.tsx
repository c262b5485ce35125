import { Fragment } from 'react';

/** A text in which what stands between backticks is code. */
export function Words({ text }: { readonly text: string }) {
  return text
    .split('`')
    .map((part, nth) =>
      nth % 2 === 1 ? <code key={nth}>{part}</code> : <Fragment key={nth}>{part}</Fragment>,
    );
}
