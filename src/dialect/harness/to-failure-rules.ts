import { brief } from '../common/brief.ts';
import { nearest } from '../common/nearest.ts';
import { child, members, oneOrMany, textOf, valueSpan } from '../common/tree.ts';
import { knownTree } from './known.ts';
import { aboutOf } from './place.ts';
import { tellSpelling, toFailureAction } from './to-failure-action.ts';
import { wordOf } from './values.ts';

import type { FailureKind, FailureRule } from '../../plan/failure-rules.ts';
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

/** What Harness calls kinds of failures. */
export const errorNames = Object.keys(kindsOf) as (keyof typeof kindsOf)[];

/**
 * The rules for failures of what stands at `place`: its own first, then those of the groups around it,
 * then those of the stage.
 */
export function toFailureRules(place: Place): { readonly onFailure?: readonly FailureRule[] } {
  const rules = place.levels
    .map(({ body }, depth) => {
      const written = child(body, 'failureStrategies');
      return written
        ? rulesIn(written, { ...place, levels: place.levels.slice(0, depth + 1) })
        : [];
    })
    .reverse()
    .flat();
  return rules.length > 0 ? { onFailure: rules } : {};
}

/** Nothing comes of it, so that it need not be known before the run. */
const unread = new Set(['condition']);

/** Reads the `failureStrategies` of something. */
function rulesIn(written: Spot, place: Place): readonly FailureRule[] {
  return members(knownTree(written, place, unread)).flatMap((one) => {
    const strategy = child(one, 'onFailure');
    const errors = strategy && child(strategy, 'errors');
    const action = strategy && child(strategy, 'action');
    if (!errors || !action) return [];
    const named = oneOrMany(errors).flatMap((spot) => errorAt(spot, place));
    const done = toFailureAction(action, place);
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
