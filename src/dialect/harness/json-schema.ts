import * as z from 'zod/mini';

import { errorNames } from './to-failure-rules.ts';
import { levels } from './schema.ts';
import { strategyKinds } from './step-keys.ts';
import { action, put, ref, service, template, withExpressions } from './schema-parts.ts';
import { anExpression, anyOfWords, inAnyCase } from './values.ts';
import { stageTypes, stepTypes } from './known-types.ts';

import type { $ZodType } from 'zod/v4/core';
import type { JsonSchema } from '../common/json-schema.ts';
import type { runnable, runnableStages } from './known-types.ts';

/** What editors check a Harness pipeline against. Accepts whatever `readHarness` finds well-formed. */
export function harnessJsonSchema(): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:continuo:harness',
    title: 'Harness CI pipeline, as Continuo reads it',
    type: 'object',
    properties: { pipeline: ref('pipeline') },
    required: ['pipeline'],
    not: { required: ['version'] },
    $defs: { expression: anExpression, ...Object.fromEntries(Object.entries(parts()).map(asPart)) },
  };
}

const asPart = ([name, part]: readonly [string, JsonSchema]): readonly [string, JsonSchema] => [
  name,
  withExpressions(part),
];

/** Each level of a file, with those below it in their places. */
const parts = (): Readonly<Record<string, JsonSchema>> => ({
  pipeline: orTemplate(
    alsoRequired('stages', put(of(levels.pipeline()), ['stages', '*'], ref('stageMember'))),
  ),
  stageMember: oneKind(of(levels.stageMember()), { stage: 'stage', parallel: 'stageMember' }),
  stage: bySpec(orTemplate(withCommon(of(levels.stage()))), stageTypes, {
    CI: 'ciStage',
    Approval: 'plainStage',
    Custom: 'plainStage',
  } satisfies Specs<(typeof runnableStages)[number]>),
  ciStage: put(
    put(
      put(of(levels.ciSpec()), ['execution', 'steps', '*'], ref('member')),
      ['serviceDependencies', '*'],
      ref('service'),
    ),
    ['infrastructure'],
    { allOf: [ofType('KubernetesDirect', 'pod')] },
  ),
  plainStage: put(of(levels.plainSpec()), ['execution', 'steps', '*'], ref('member')),
  pod: of(levels.podSpec()),
  member: oneKind(of(levels.member()), { step: 'step', stepGroup: 'group', parallel: 'member' }),
  group: orTemplate(put(withCommon(of(levels.group())), ['steps', '*'], ref('member'))),
  step: bySpec(orTemplate(withCommon(of(levels.step()))), stepTypes, {
    Run: 'run',
    Background: 'background',
    Wait: 'wait',
    HarnessApproval: 'approval',
    GitClone: undefined,
  } satisfies Specs<(typeof runnable)[number]>),
  run: of(levels.run()),
  background: of(levels.background()),
  wait: of(levels.wait()),
  approval: of(levels.approval()),
  service,
  action,
  template,
});

const of = (schema: $ZodType): JsonSchema => {
  const part = { ...z.toJSONSchema(schema, { io: 'input' }) };
  delete part.$schema;
  return part as JsonSchema;
};

/** What it lacks, its template may have. */
function orTemplate({ required = [], ...schema }: JsonSchema): JsonSchema {
  const whole = put(schema, ['template'], ref('template'));
  return { ...whole, if: { required: ['template'] }, then: {}, else: { required } };
}

const alsoRequired = (key: string, schema: JsonSchema): JsonSchema => ({
  ...schema,
  required: [...(schema.required ?? []), key],
});

/** What steps, groups and stages have alike. */
const withCommon = (schema: JsonSchema): JsonSchema =>
  put(
    put(
      put(schema, ['strategy'], oneOf(strategyKinds)),
      ['failureStrategies', '*', 'onFailure', 'errors', '*'],
      anyOfWords(errorNames),
    ),
    ['failureStrategies', '*', 'onFailure', 'action'],
    ref('action'),
  );

type Specs<T extends string> = Readonly<Record<T, string | undefined>>;

/** Of the type depends what stands under `spec`. */
function bySpec(
  schema: JsonSchema,
  types: readonly string[],
  specs: Readonly<Record<string, string | undefined>>,
): JsonSchema {
  const suggested = put(schema, ['type'], { anyOf: [{ enum: types }, {}] });
  const rules = Object.entries(specs).flatMap(([type, spec]) => (spec ? ofType(type, spec) : []));
  return { ...suggested, allOf: rules };
}

const ofType = (type: string, spec: string): JsonSchema => ({
  if: { properties: { type: { pattern: `^${inAnyCase(type)}$` } }, required: ['type'] },
  then: { properties: { spec: { anyOf: [ref(spec), ref('expression')] } } },
});

/** An item of a list, which is one of several kinds; `parallel` holds a list of such items. */
function oneKind(schema: JsonSchema, kinds: Readonly<Record<string, string>>): JsonSchema {
  const all = Object.entries(kinds).reduce(
    (whole, [kind, part]) => put(whole, kind === 'parallel' ? [kind, '*'] : [kind], ref(part)),
    schema,
  );
  return { ...all, ...oneOf([...Object.keys(kinds), 'insert']) };
}

const oneOf = (keys: readonly string[]): JsonSchema => ({
  oneOf: keys.map((name) => ({ required: [name] })),
});
