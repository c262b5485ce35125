import { child } from '../common/tree.ts';

import type { KeyHint } from '../common/shape.ts';

/** Keys of CIX that are known to exist, and are not read. */
const unread = {
  group: ['when', 'retry', 'timeout', 'loop'],
  step: ['counter-variable', 'element-variable', 'for-each', 'loop', 'parallel', 'when'],
};

const unreadHint =
  (keys: readonly string[]): KeyHint =>
  (key) =>
    keys.includes(key) ? `\`${key}\` is a key of CIX that Continuo does not read yet` : undefined;

export const pipelineKeyHint: KeyHint = (key) =>
  key === 'step' || key === 'steps'
    ? 'put it into the list under `pipeline:`, as `- step:`'
    : undefined;

export const stepKeyHint = unreadHint(unread.step);

/** The items of a group are often taken for the list under `steps:` itself. */
export const groupKeyHint: KeyHint = (key, owner) =>
  key === 'step' || key === 'steps'
    ? 'put it into the list under the `pipeline:` of the group, as `- step:`'
    : unreadHint(unread.group)(key, owner);

/** A key that is not indented enough stands beside the `step` that it belongs to. */
export const itemKeyHint: KeyHint = (key, owner) => {
  const step = ['step', 'steps'].find((name) => {
    const tree = child(owner, name)?.tree;
    return tree?.kind === 'scalar' && tree.value === null;
  });
  return step === undefined ? undefined : `indent it further, so that it stands under \`${step}:\``;
};
