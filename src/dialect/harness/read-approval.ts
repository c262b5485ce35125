import { child, members, ownerSpan, textOf } from '../common/tree.ts';
import { brief } from '../common/brief.ts';
import { warnOfApprovers } from './approvers.ts';
import { approvedAs } from './outputs.ts';
import { checkOpenShape } from './open-shape.ts';
import { aboutOf, nodeId, stageOf } from './place.ts';
import { plainOutline } from './read-wait.ts';
import { levels } from './schema.ts';
import { someOf } from './some-of.ts';
import { filledText, textAt, textsAt } from './texts.ts';
import { toFailureRules } from './to-failure-rules.ts';
import { toTimeout } from './to-turn.ts';

import type { ApprovalInput, Text } from '../../plan/plan.ts';
import type { Spot } from '../common/tree.ts';
import type { Place } from './place.ts';
import type { Part } from './read-members.ts';
import type { StepSpots } from './read-step.ts';

const day = 86_400_000;

/** Reads a step that asks a person. */
export function readApproval({ body, spec, common }: StepSpots, place: Place): Part {
  const { findings } = place.reading;
  const about = aboutOf(place);
  checkOpenShape(levels.approval(), spec, findings, about);
  warnOfApprovers(spec, place);
  const stage = stageOf(place);
  const type = textOf(stage && child(stage.body, 'type'));
  if (type === 'CI')
    findings.warning(
      ownerSpan(child(body, 'type') ?? body),
      `${about}: Harness itself refuses it in a CI stage`,
      {
        hint: 'here its services live on while it waits; for Harness, give it a stage of type `Approval`',
      },
    );
  const message = textAt(child(spec, 'approvalMessage'), place);
  const inputs = members(child(spec, 'approverInputs'))
    .map((one) => toInput(one, place))
    .filter((input) => input !== undefined);
  return {
    outline: plainOutline(place),
    node: {
      kind: 'approval',
      ...common,
      message: message.length > 0 ? message : [`Go on after '${brief(common.name)}'?`],
      inputs,
      timeoutMs: day,
      ...toTimeout(body),
      ...toFailureRules(place),
    },
  };
}

function toInput(spot: Spot, place: Place): ApprovalInput | undefined {
  const name = textOf(child(spot, 'name'));
  if (name === undefined) return undefined;
  const description = filledText(child(spot, 'description'));
  const fallback = child(spot, 'defaultValue');
  const choices = child(spot, 'allowedValues') ?? child(spot, 'selectOneFrom');
  const allowed = choices && listed(choices, place);
  const several = child(spot, 'selectManyFrom');
  const pattern = filledText(child(spot, 'regex')) ?? (several && someOf(listed(several, place)));
  return {
    name,
    as: approvedAs(nodeId(place.levels), name),
    ...(description !== undefined && { description }),
    ...(textOf(child(spot, 'required')) === 'true' && { required: true }),
    ...(filledText(fallback) !== undefined && { fallback: textAt(fallback, place) }),
    ...(allowed && { allowed }),
    ...(pattern !== undefined && { pattern }),
  };
}

/** A list, or one text with commas. */
function listed(spot: Spot, place: Place): readonly Text[] {
  const texts = textsAt(spot, place);
  const [first] = texts;
  const [only] = first ?? [];
  if (spot.tree.kind === 'list' || first?.length !== 1 || typeof only !== 'string') return texts;
  return only.split(',').map((one): Text => [one.trim()]);
}
