import { ago, exactly } from './ago.ts';

/** When something was: how long ago, and exactly for whoever points at it. */
export function Moment({ at, now }: { readonly at: number; readonly now: number }) {
  return (
    <time dateTime={new Date(at).toISOString()} title={exactly(at)}>
      {ago(at, now)}
    </time>
  );
}
