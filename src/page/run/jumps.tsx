const parts = [
  ['steps', 'Steps'],
  ['timeline', 'Timeline'],
  ['tests', 'Tests'],
  ['log', 'Log'],
] as const;

/** Leads to the parts of a run where they stand one below the other, far apart. */
export function Jumps({ hasTests }: { readonly hasTests: boolean }) {
  return (
    <div className="jumps" role="group" aria-label="Go to">
      {parts
        .filter(([id]) => id !== 'tests' || hasTests)
        .map(([id, word]) => (
          <button key={id} type="button" onClick={() => goTo(id)}>
            {word}
          </button>
        ))}
    </div>
  );
}

// The part of the address after its `#` is what the page shows, so this cannot be a link.
function goTo(id: string): void {
  const heading = document.getElementById(id);
  heading?.scrollIntoView({ block: 'start' });
  heading?.focus({ preventScroll: true });
}
