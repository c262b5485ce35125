import type { Phase } from './bars.ts';

const phases: readonly Phase[] = [
  ...(['waiting', 'asking', 'starting', 'running', 'ready', 'restarting', 'stopping'] as const),
];

/** What the patterns of bars mean. */
export function Legend() {
  return (
    <p className="timeline-legend quiet">
      {phases.map((phase) => (
        <span key={phase}>
          <span className={`timeline-sample timeline-bar ${phase}`} aria-hidden="true" /> {phase}
        </span>
      ))}
      <span>
        <span className="timeline-break" aria-hidden="true">
          ✗
        </span>{' '}
        broke
      </span>
    </p>
  );
}
