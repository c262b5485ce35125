import { brief } from '../common/brief.ts';
import { child, ownerSpan, textOf } from '../common/tree.ts';
import { parseTimeout } from './timeouts.ts';
import { aboutOf } from './place.ts';
import { expressionAt, filledAt, filledText } from './texts.ts';
import { wordOf } from './values.ts';

import type { Condition, Turnout } from '../../plan/plan.ts';
import type { Spot } from '../common/tree.ts';
import type { Place } from './place.ts';

const turnouts = { Success: undefined, Failure: 'failure', All: 'either' } as const;

/** When something runs: how what stands before it has gone, and what must hold. */
export function toTurn(
  body: Spot,
  place: Place,
): { readonly after?: Turnout; readonly when?: Condition } {
  const when = child(body, 'when');
  if (!when || when.tree.kind !== 'map') return {};
  const key = place.levels.at(-1)?.kind === 'stage' ? 'pipelineStatus' : 'stageStatus';
  const status = wordOf(['Success', 'Failure', 'All'] as const, filledAt(when, key));
  const other = child(when, key === 'pipelineStatus' ? 'stageStatus' : 'pipelineStatus');
  if (other)
    place.reading.findings.error(
      ownerSpan(other),
      `${aboutOf(place)}: \`when\` has \`${key}\` here`,
      { hint: `\`pipelineStatus\` is for stages, \`stageStatus\` for steps and groups` },
    );
  const after = status && turnouts[status];
  const condition = child(when, 'condition');
  const isAsked = condition && filledText(condition) !== undefined;
  const expression = isAsked ? expressionAt(condition, place) : undefined;
  const holds = expression?.kind === 'value' && expression.value === true;
  return {
    ...(after && { after }),
    ...(expression && !holds && { when: { kind: 'true', expression } }),
  };
}

/** How long something may take. */
export function toTimeout(body: Spot): { readonly timeoutMs?: number } {
  const written = filledAt(body, 'timeout');
  const timeoutMs = written === undefined ? undefined : parseTimeout(written);
  return timeoutMs === undefined ? {} : { timeoutMs };
}

/** Warns of a key of which nothing comes here. */
export function warnUseless(
  owner: Spot,
  key: string,
  place: Place,
  message: string,
  hint?: string,
): void {
  const spot = child(owner, key);
  if (!spot || (spot.tree.kind === 'scalar' && (textOf(spot) ?? '') === '')) return;
  place.reading.findings.warning(
    ownerSpan(spot),
    `${aboutOf(place)}: \`${brief(key)}\` ${message}`,
    { hint },
  );
}
