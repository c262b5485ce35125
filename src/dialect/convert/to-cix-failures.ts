import { cixDuration } from './durations.ts';

import type { FailureAction, FailureRule } from '../../plan/failure-rules.ts';
import type { Losses, Part } from './losses.ts';
import type { Written } from './write-yaml.ts';

/** What is done about the failures of a step, in the words of CIX. */
export interface FailureWords {
  readonly step: { readonly [key: string]: Written };
  /** What the group around it does. */
  readonly group: { readonly [key: string]: Written };
}

/** What CIX can say of the rules for a step's failures. What it cannot is told. */
export function toCixFailures(
  rules: readonly FailureRule[],
  part: Part,
  losses: Losses,
): FailureWords {
  const keys = ['failureStrategies'];
  let words: FailureWords = { step: {}, group: {} };
  const main = rules.find(({ on }) => on === undefined || on.includes('exited'));
  for (const rule of rules.slice(0, main ? rules.indexOf(main) : rules.length))
    losses.tell(
      part,
      keys,
      `what is done about failures of the kind ${rule.on?.join(', ')} alone is left out`,
    );
  if (!main) return words;
  if (main.on !== undefined)
    losses.tell(
      part,
      keys,
      `what is done about failures of the kind ${main.on.join(', ')} is done about all of them`,
    );
  let action: FailureAction | undefined = main.action;
  while (action) {
    const { then, ...found } = said(action, part, losses);
    words = { step: { ...words.step, ...found.step }, group: { ...words.group, ...found.group } };
    action = then;
  }
  return words;
}

function said(
  action: FailureAction,
  part: Part,
  losses: Losses,
): Partial<FailureWords> & { readonly then?: FailureAction } {
  const keys = ['failureStrategies'];
  switch (action.kind) {
    case 'fail':
    case 'abort':
      return {};
    case 'ignore':
      return { step: { 'continue-on-fail': true } };
    case 'succeed':
      losses.tell(part, keys, 'a failure of it counts as ignored, and not as a success');
      return { step: { 'continue-on-fail': true } };
    case 'retry':
      return { step: { retry: attempts(action, part, losses) }, then: action.then };
    case 'retry-group':
      if (action.then.kind !== 'fail' && action.then.kind !== 'abort')
        losses.tell(
          part,
          keys,
          'what is done when the group has been tried again in vain is left out',
        );
      return { group: { retry: attempts(action, part, losses) } };
    case 'ask':
      losses.tell(
        part,
        keys,
        'nobody is asked what shall be done about a failure',
        'it fails, as when nobody answers',
      );
      return { then: action.then };
  }
}

function attempts(
  { times, delaysMs }: { readonly times: number; readonly delaysMs: readonly number[] },
  part: Part,
  losses: Losses,
): Written {
  const [first = 0] = delaysMs;
  if (delaysMs.some((ms) => ms !== first))
    losses.tell(
      part,
      ['failureStrategies'],
      `every pause before another attempt is as long as the first: ${cixDuration(first)}`,
    );
  return { iterations: times + 1, ...(first > 0 && { backoff: cixDuration(first) }) };
}
