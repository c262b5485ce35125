import { child, members, textOf } from '../common/tree.ts';
import { toCondition } from './to-condition.ts';
import { toQuantity } from './quantity-keys.ts';
import { toText } from './text.ts';

import type { Group, Repeat } from '../../plan/plan.ts';
import type { Spot } from '../common/tree.ts';
import type { PlaceOf } from './quantity-keys.ts';

/** What a well-formed step, service or group says about when it runs and how many times. */
export function toTurn(spot: Spot, placeOf: PlaceOf): Pick<Group, 'when' | 'repeat'> {
  const when = child(spot, 'when');
  const over = toOver(spot, placeOf);
  const counter = textOf(child(spot, 'counter-variable'));
  const order = textOf(child(spot, 'parallel')) === 'true' ? 'parallel' : 'serial';
  return {
    ...(when && members(when).length > 0 && { when: toCondition(when) }),
    ...(over && { repeat: { over, order, ...(counter !== undefined && { counter }) } }),
  };
}

function toOver(spot: Spot, placeOf: PlaceOf): Repeat['over'] | undefined {
  const loop = child(spot, 'loop');
  if (loop) return { kind: 'times', times: toQuantity(loop, 'count', placeOf) };
  const each = child(spot, 'for-each');
  if (!each) return undefined;
  return {
    kind: 'each',
    items:
      each.tree.kind === 'list'
        ? members(each).map((item) => toText(textOf(item) ?? ''))
        : { commaSeparated: toText(textOf(each) ?? '') },
    element: textOf(child(spot, 'element-variable')) ?? '',
  };
}

/** What a well-formed step or group says about its attempts. */
export function toAttempts(
  spot: Spot,
  placeOf: PlaceOf,
): Pick<Group, 'timeoutMs' | 'retry' | 'continueOnFail'> {
  const timeout = child(spot, 'timeout');
  const retry = child(spot, 'retry');
  const continueOnFail = textOf(child(spot, 'continue-on-fail'));
  return {
    ...(timeout && { timeoutMs: toQuantity(timeout, 'seconds', placeOf) }),
    ...(retry && { retry: toRetry(retry, 0, placeOf) }),
    ...(continueOnFail !== undefined && { continueOnFail: continueOnFail === 'true' }),
  };
}

/** A well-formed `retry`, with the pause that it has when it names none. */
export function toRetry(
  retry: Spot,
  backoffMs: number,
  placeOf: PlaceOf,
): NonNullable<Group['retry']> {
  const backoff = child(retry, 'backoff');
  return {
    attempts: toQuantity(child(retry, 'iterations')!, 'count', placeOf),
    backoffMs: backoff ? toQuantity(backoff, 'seconds', placeOf) : backoffMs,
  };
}
