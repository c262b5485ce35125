import { once } from '../common/values.ts';
import { approval, background, run, wait } from './spec-keys.ts';
import { ciSpec, pipeline, plainSpec, podSpec } from './stage-keys.ts';
import { group, member, stage, stageMember, step } from './step-keys.ts';

/** Each level of a Harness pipeline by itself, so that a mistake in one place hides none in another. Made when it is asked for. */
export const levels = {
  pipeline: once(pipeline),
  stageMember: once(stageMember),
  stage: once(stage),
  ciSpec: once(ciSpec),
  plainSpec: once(plainSpec),
  podSpec: once(podSpec),
  member: once(member),
  group: once(group),
  step: once(step),
  run: once(run),
  background: once(background),
  wait: once(wait),
  approval: once(approval),
};
