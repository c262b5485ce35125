import { brief } from '../common/brief.ts';
import { nearest } from '../common/nearest.ts';
import { child, oneOrMany, ownerSpan, textOf, valueSpan } from '../common/tree.ts';
import { aboutOf } from './place.ts';
import { filledAt } from './texts.ts';
import { parseTimeout } from './timeouts.ts';
import { warnUseless } from './to-turn.ts';
import { wordOf } from './values.ts';

import type { FailureAction } from '../../plan/failure-rules.ts';
import type { Spot } from '../common/tree.ts';
import type { Place } from './place.ts';

/** Whatever Harness can do about a failure. */
export const actionNames = [
  'Abort',
  'Ignore',
  'Retry',
  'MarkAsSuccess',
  'MarkAsFailure',
  'StageRollback',
  'StepGroupRollback',
  'PipelineRollback',
  'ManualIntervention',
  'ProceedWithDefaultValues',
  'RetryStepGroup',
] as const;

/** What is done, as an `action` says. */
export function toFailureAction(spot: Spot, place: Place): FailureAction {
  const { findings } = place.reading;
  const type = child(spot, 'type');
  const text = textOf(type) ?? '';
  const spec = child(spot, 'spec');
  const name = wordOf(actionNames, text);
  if (type && name) tellSpelling(type, name, place);
  switch (name) {
    case 'Abort':
      return { kind: 'abort' };
    case 'Ignore':
      return { kind: 'ignore' };
    case 'MarkAsSuccess':
      return { kind: 'succeed' };
    case 'MarkAsFailure':
      return { kind: 'fail' };
    case 'Retry':
      return { kind: 'retry', ...retryOf(spot, place) };
    case 'RetryStepGroup':
      tellNoGroup(type ?? spot, place);
      return { kind: 'retry-group', ...retryOf(spot, place) };
    case 'ManualIntervention':
      return {
        kind: 'ask',
        timeoutMs: parseTimeout((spec && filledAt(spec, 'timeout')) ?? '') ?? 86_400_000,
        then: afterwards(spec && child(spec, 'onTimeout'), place),
      };
    case 'StageRollback':
    case 'StepGroupRollback':
    case 'PipelineRollback':
    case 'ProceedWithDefaultValues':
      findings.warning(
        type ? valueSpan(type) : ownerSpan(spot),
        `${aboutOf(place)}: \`${name}\` is not done here: it fails instead`,
      );
      return { kind: 'fail' };
    case undefined: {
      const near = nearest(text, actionNames);
      const hint =
        near === undefined ? `there are: ${actionNames.join(', ')}` : `did you mean \`${near}\`?`;
      findings.error(
        type ? valueSpan(type) : ownerSpan(spot),
        text === ''
          ? `${aboutOf(place)}: \`action\` needs a \`type\``
          : `${aboutOf(place)}: there is no action \`${brief(text)}\``,
        { hint },
      );
      return { kind: 'fail' };
    }
  }
}

function tellNoGroup(spot: Spot, place: Place): void {
  const { levels, reading } = place;
  // What a stage says of failures is for the steps of its groups, too.
  if (levels.at(-1)?.kind !== 'step' || levels.some(({ kind }) => kind === 'group')) return;
  reading.findings.warning(
    valueSpan(spot),
    `${aboutOf(place)}: it stands in no \`stepGroup\` that \`RetryStepGroup\` could begin anew`,
    { hint: 'use `Retry` to run the step again, or put it into a `stepGroup`' },
  );
}

function retryOf(
  action: Spot,
  place: Place,
): { times: number; delaysMs: readonly number[]; then: FailureAction } {
  const spec = child(action, 'spec');
  const count = spec && child(spec, 'retryCount');
  const written = textOf(count) ?? '';
  const times = /^\d+$/.test(written) ? Number(written) : 0;
  if (times < 1)
    place.reading.findings.error(
      count ? valueSpan(count) : ownerSpan(action),
      `${aboutOf(place)}: \`retryCount\` must be a number, 1 or more`,
    );
  const delays = oneOrMany(spec && child(spec, 'retryIntervals'));
  const delaysMs = delays.map((one) => {
    const ms = parseTimeout(textOf(one) ?? '');
    if (ms === undefined)
      place.reading.findings.error(
        valueSpan(one),
        `${aboutOf(place)}: \`${brief(textOf(one) ?? '')}\` is no duration`,
        { hint: 'such as `10s` or `1m`' },
      );
    return ms ?? 0;
  });
  if (spec)
    warnUseless(spec, 'condition', place, 'says nothing here: it is tried again in any case');
  const then = spec && (child(spec, 'onRetryFailure') ?? child(spec, 'onRetryStepGroupFailure'));
  return { times, delaysMs, then: afterwards(then, place) };
}

function afterwards(spot: Spot | undefined, place: Place): FailureAction {
  const action = spot && child(spot, 'action');
  return action ? toFailureAction(action, place) : { kind: 'fail' };
}

/** Warns of a word that is spelt otherwise. */
export function tellSpelling(spot: Spot, name: string, { reading, levels }: Place): void {
  const text = textOf(spot) ?? '';
  if (text !== name)
    reading.findings.warning(
      valueSpan(spot),
      `${aboutOf({ reading, levels })}: Harness itself refuses \`${brief(text)}\``,
      { hint: `write \`${name}\`` },
    );
}
