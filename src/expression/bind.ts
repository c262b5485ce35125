import type { Text } from '../plan/plan.ts';
import type { Variables } from './fill.ts';

/** A text with these variables in its holes. The holes of others stay. */
export function bindText(text: Text, known: Variables): Text {
  const bound: Text[number][] = [];
  for (const part of text) {
    const next =
      typeof part === 'string' || 'expression' in part ? part : (known.get(part.variable) ?? part);
    const last = bound.at(-1);
    if (typeof next === 'string' && typeof last === 'string') bound.splice(-1, 1, last + next);
    else if (next !== '') bound.push(next);
  }
  return bound;
}

/** A part of a plan with these variables in the holes of all its texts, whatever they belong to. */
export function bind<T>(part: T, known: Variables): T {
  return known.size === 0 ? part : (bound(part, known) as T);
}

function bound(part: unknown, known: Variables): unknown {
  if (Array.isArray(part))
    return part.some(isHole)
      ? bindText(part as Text, known)
      : part.map((inner) => bound(inner, known));
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, bound(value, known)]));
}

/** Only texts are lists of such. */
const isHole = (part: unknown): boolean =>
  typeof part === 'object' && part !== null && 'variable' in part && Object.keys(part).length === 1;
