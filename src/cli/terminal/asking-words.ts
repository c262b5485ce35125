import { alternatives, roundly } from '../../report/describe.ts';

import type { RunEvent } from '../../event/event.ts';

type Asked = Extract<RunEvent, { type: 'step.asked' | 'group.asked' | 'input.asked' }>;
type Answered = Extract<RunEvent, { type: 'step.answered' | 'group.answered' | 'input.answered' }>;

/** A question, and what can be answered. */
export function askedWords({ message, choices, timeoutMs, inputs }: Asked): string {
  if (choices[0] === 'give') return `asks for ${inputs.map(({ name }) => name).join(', ')}`;
  const until = timeoutMs === undefined ? '' : `, within ${roundly(timeoutMs)}`;
  return `asks: ${message} (${alternatives(choices)}${until})`;
}

/** Who answered what. */
export function answeredWords({ answer, by, comment, inputs }: Answered): string {
  const given = Object.entries(inputs)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${value}`);
  if (answer === 'give') return `${by} gives ${given.join(', ') || 'nothing'}`;
  const more = [...(comment === undefined ? [] : [comment]), ...given].join(', ');
  return `${by} says ${answer}${more === '' ? '' : `; ${more}`}`;
}
