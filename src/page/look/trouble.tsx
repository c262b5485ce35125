import type { Refusal } from '../api/ask.ts';

/** Tells why the server has not done what a person wanted. It is there before that, so that it is heard. */
export function Trouble({ refusal }: { readonly refusal: Refusal | undefined }) {
  return (
    <div role="alert" className="trouble">
      {refusal?.words}
      {refusal?.lines !== undefined && (
        <pre tabIndex={0} role="group" aria-label="What is wrong">
          {refusal.lines}
        </pre>
      )}
    </div>
  );
}
