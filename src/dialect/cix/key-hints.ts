import { child } from '../common/tree.ts';
import { notOfGroups } from './schema.ts';

import type { KeyHint } from '../common/shape.ts';

export const pipelineKeyHint: KeyHint = (key) =>
  key === 'step' || key === 'steps'
    ? 'put it into the list under `pipeline:`, as `- step:`'
    : undefined;

/** The items of a group are often taken for the list under `steps:` itself. */
export const groupKeyHint: KeyHint = (key) =>
  key === 'step' || key === 'steps'
    ? 'put it into the list under the `pipeline:` of the group, as `- step:`'
    : notOfGroups().includes(key)
      ? `\`${key}\` is for steps: a group has none, but the steps in it may`
      : undefined;

/** A key that is not indented enough stands beside the `step` that it belongs to. */
export const itemKeyHint: KeyHint = (key, owner) => {
  const step = ['step', 'steps'].find((name) => {
    const tree = child(owner, name)?.tree;
    return tree?.kind === 'scalar' && tree.value === null;
  });
  return step === undefined ? undefined : `indent it further, so that it stands under \`${step}:\``;
};
