import './badge.css';

import type { Tone } from '../../report/look.ts';

export interface BadgeProps {
  readonly sign: string;
  readonly tone: Tone;
  readonly word: string;
}

/** A state: its shape, its word and its colour, any of which is enough. */
export function Badge({ sign, tone, word }: BadgeProps) {
  return (
    <span className={`badge ${tone}`}>
      <Sign sign={sign} tone={tone} /> {word}
    </span>
  );
}

/** The shape alone, beside words that say the same. */
export function Sign({ sign, tone }: Omit<BadgeProps, 'word'>) {
  return (
    <span className={`sign ${tone}`} aria-hidden="true">
      {sign}
    </span>
  );
}
