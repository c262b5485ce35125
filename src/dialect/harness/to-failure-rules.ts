import { brief } from '../common/brief.ts';
import { nearest } from '../common/nearest.ts';
import { child, members, oneOrMany, ownerSpan, textOf, valueSpan } from '../common/tree.ts';
import { knownTree } from './known.ts';
import { aboutOf } from './place.ts';
import { parseTimeout } from './timeouts.ts';
import { filledAt } from './texts.ts';
import { wordOf } from './values.ts';

import type { FailureAction, FailureKind, FailureRule } from '../../plan/failure-rules.ts';
import type { Spot } from '../common/tree.ts';
import type { Place } from './place.ts';

/** What Harness calls errors, and the failures here that they are; none where nothing can fail so. */
const kindsOf = {
  AllErrors: undefined,
  Unknown: ['exited', 'start'],
  Authentication: ['image'],
  Authorization: ['image'],
  Connectivity: ['image'],
  RetryableTransientFailure: ['image'],
  PluginImageFailure: ['image'],
  Timeout: ['timed-out', 'unanswered'],
  InputTimeoutError: ['unanswered'],
  ApprovalRejection: ['rejected'],
  InfrastructureFailure: ['needs', 'start'],
  ResourceLimitsFailure: ['start'],
  ConfigurationFailure: ['start'],
  Verification: [],
  DelegateProvisioning: [],
  DelegateRestart: [],
  PolicyEvaluationFailure: [],
  UserMarkedFailure: [],
} as const satisfies Record<string, readonly FailureKind[] | undefined>;

const errorNames = Object.keys(kindsOf) as (keyof typeof kindsOf)[];

const actionNames = [
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

/**
 * The rules for failures of what stands at `place`: its own first, then those of the groups around it,
 * then those of the stage.
 */
export function toFailureRules(place: Place): { readonly onFailure?: readonly FailureRule[] } {
  const rules = place.levels
    .map(({ body }, depth) => {
      const owner = { ...place, levels: place.levels.slice(0, depth + 1) };
      return rulesIn(child(body, 'failureStrategies'), owner);
    })
    .reverse()
    .flat();
  return rules.length > 0 ? { onFailure: rules } : {};
}

/** Reads the `failureStrategies` of something. */
function rulesIn(written: Spot | undefined, place: Place): readonly FailureRule[] {
  if (!written) return [];
  return members(knownTree(written, place)).flatMap((one) => {
    const strategy = child(one, 'onFailure');
    const errors = strategy && child(strategy, 'errors');
    const action = strategy && child(strategy, 'action');
    if (!errors || !action) return [];
    const named = oneOrMany(errors).flatMap((spot) => errorAt(spot, place));
    const done = toAction(action, place);
    if (named.length === 0) return [];
    const kinds = named.flatMap((name) => kindsOf[name] ?? []);
    if (named.some((name) => kindsOf[name] === undefined)) return [{ action: done }];
    return kinds.length > 0 ? [{ on: [...new Set(kinds)], action: done }] : [];
  });
}

function errorAt(spot: Spot, place: Place): readonly (keyof typeof kindsOf)[] {
  const text = textOf(spot) ?? '';
  const name = wordOf(errorNames, text);
  if (name === undefined) {
    const near = nearest(text, errorNames);
    place.reading.findings.error(
      valueSpan(spot),
      `${aboutOf(place)}: there is no kind of error \`${brief(text)}\``,
      {
        hint:
          near === undefined ? `there are: ${errorNames.join(', ')}` : `did you mean \`${near}\`?`,
      },
    );
    return [];
  }
  tellSpelling(spot, name, place);
  if (kindsOf[name]?.length === 0)
    place.reading.findings.warning(
      valueSpan(spot),
      `${aboutOf(place)}: nothing fails with \`${name}\` here`,
    );
  return [name];
}

function tellSpelling(spot: Spot, name: string, { reading, levels }: Place): void {
  const text = textOf(spot) ?? '';
  if (text !== name)
    reading.findings.warning(
      valueSpan(spot),
      `${aboutOf({ reading, levels })}: Harness itself refuses \`${brief(text)}\``,
      { hint: `write \`${name}\`` },
    );
}

function toAction(spot: Spot, place: Place): FailureAction {
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
  const then = spec && (child(spec, 'onRetryFailure') ?? child(spec, 'onRetryStepGroupFailure'));
  return { times, delaysMs, then: afterwards(then, place) };
}

function afterwards(spot: Spot | undefined, place: Place): FailureAction {
  const action = spot && child(spot, 'action');
  return action ? toAction(action, place) : { kind: 'fail' };
}
