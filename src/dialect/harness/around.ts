import { child, textOf } from '../common/tree.ts';
import { stageOf } from './place.ts';

import type { Around, Fact, FactVariable, SharedFolder } from '../../plan/plan.ts';
import type { Place } from './place.ts';

const text = (words: string): Fact => ({ kind: 'text', text: words });

/**
 * The variable that names the file for outputs that are secrets: here the same as for all others, so that every
 * output of a script that names it is one.
 */
export const secretFile = 'HARNESS_OUTPUT_SECRET_FILE';

/** What scripts of Harness find around them. */
export function toAround(place: Place, folders: readonly SharedFolder[]): Around {
  const { pipeline } = place.reading;
  const stage = stageOf(place);
  const ofPipeline = (key: string): Fact => text(textOf(child(pipeline, key)) ?? '');
  const facts: Readonly<Record<string, Fact>> = {
    CI: text('true'),
    HARNESS_BUILD_ID: { kind: 'run' },
    HARNESS_EXECUTION_ID: { kind: 'run' },
    HARNESS_ORG_ID: ofPipeline('orgIdentifier'),
    HARNESS_PROJECT_ID: ofPipeline('projectIdentifier'),
    HARNESS_PIPELINE_ID: ofPipeline('identifier'),
    HARNESS_STAGE_ID: text(stage?.id ?? ''),
    HARNESS_STEP_ID: { kind: 'task' },
    HARNESS_WORKSPACE: { kind: 'workspace' },
    DRONE_WORKSPACE: { kind: 'workspace' },
    DRONE_OUTPUT: { kind: 'outputs' },
    HARNESS_OUTPUT_FILE: { kind: 'outputs' },
    [secretFile]: { kind: 'outputs' },
  };
  return {
    folders,
    environment: Object.entries(facts).map(([name, is]): FactVariable => ({ name, is })),
  };
}
