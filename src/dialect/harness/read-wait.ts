import { checkOpenShape } from './open-shape.ts';
import { aboutOf } from './place.ts';
import { namedAt } from './named.ts';
import { levels } from './schema.ts';
import { parseTimeout } from './timeouts.ts';
import { filledAt } from './texts.ts';
import { toFailureRules } from './to-failure-rules.ts';
import { toTimeout } from './to-turn.ts';

import type { Place } from './place.ts';
import type { Part } from './read-members.ts';
import type { StepSpots } from './read-step.ts';

/** Reads a step that only waits. */
export function readWait({ body, spec, common }: StepSpots, place: Place): Part {
  checkOpenShape(levels.wait(), spec, place.reading.findings, aboutOf(place));
  return {
    outline: plainOutline(place),
    node: {
      kind: 'wait',
      ...common,
      durationMs: parseTimeout(filledAt(spec, 'duration') ?? '') ?? 0,
      ...toTimeout(body),
      ...toFailureRules(place),
    },
  };
}

/** A step that holds no ports and needs nobody. */
export const plainOutline = (place: Place): Part['outline'] => ({
  kind: 'step',
  name: namedAt(place),
  needs: [],
  ports: [],
  held: [],
  elsewhere: [],
  scope: 'stage',
  sleep: undefined,
});
