import { actionNames } from './to-failure-action.ts';
import { anyOfWords } from './values.ts';

import type { JsonSchema } from '../common/json-schema.ts';

/** Of what the JSON Schema of Harness pipelines is put together. */

export const ref = (part: string): JsonSchema => ({ $ref: `#/$defs/${part}` });

/** The same with more said of what stands at `path`, in which `*` stands for the items of a list. */
export function put(
  schema: JsonSchema,
  [key, ...rest]: readonly string[],
  more: JsonSchema,
): JsonSchema {
  if (key === undefined) return { ...schema, ...more };
  const kind = key === '*' ? 'array' : 'object';
  if (schema.anyOf) {
    const anyOf = schema.anyOf.map((one) =>
      one.type === kind ? put(one, [key, ...rest], more) : one,
    );
    return { ...schema, anyOf };
  }
  if (key === '*') return { ...schema, items: put(schema.items ?? {}, rest, more) };
  const { [key]: old = {}, ...others } = schema.properties ?? {};
  return { ...schema, properties: { ...others, [key]: put(old, rest, more) } };
}

/** The same with an expression in place of each value at any depth: it is worked out before. */
export const withExpressions = (schema: JsonSchema): JsonSchema => ({
  ...schema,
  ...(schema.properties && {
    properties: Object.fromEntries(
      Object.entries(schema.properties).map(([key, value]) => [key, orExpression(value)]),
    ),
  }),
  ...(schema.items && { items: orExpression(schema.items) }),
  ...(typeof schema.additionalProperties === 'object' && {
    additionalProperties: orExpression(schema.additionalProperties),
  }),
  ...(schema.anyOf && { anyOf: schema.anyOf.map(withExpressions) }),
});

function orExpression(schema: JsonSchema): JsonSchema {
  const inner = withExpressions(schema);
  if (takesExpressions(inner)) return inner;
  const { title, description, default: fallback, examples, ...rest } = inner;
  const { anyOf, ...restrictions } = rest;
  const isOnlyChoice = anyOf !== undefined && Object.keys(restrictions).length === 0;
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(fallback !== undefined && { default: fallback }),
    ...(examples !== undefined && { examples }),
    anyOf: [...(isOnlyChoice ? anyOf : [rest]), ref('expression')],
  };
}

const some = '<+input>';

function takesExpressions({
  type,
  pattern,
  format,
  enum: words,
  const: only,
  ...rest
}: JsonSchema): boolean {
  if (rest.$ref !== undefined) return rest.$ref === ref('expression').$ref;
  if (words !== undefined || only !== undefined || format !== undefined) return false;
  if (pattern !== undefined) return new RegExp(pattern, 'u').test(some);
  if (rest.anyOf && !rest.anyOf.some(takesExpressions)) return false;
  return type === undefined || type === 'string' || [type].flat().includes('string');
}

/** One of the `serviceDependencies` of a stage. */
export const service: JsonSchema = {
  description: 'A service that starts before the first step: the older way to say `Background`.',
  type: 'object',
  properties: {
    identifier: { type: 'string' },
    name: { type: 'string' },
    description: {},
    type: { examples: ['Service'] },
    spec: ref('background'),
  },
  required: ['name', 'spec'],
};

/** What is done about a failure. */
export const action: JsonSchema = {
  type: 'object',
  properties: {
    type: { description: 'What is done.', ...anyOfWords(actionNames) },
    spec: {
      description: 'Settings of it.',
      type: 'object',
      properties: Object.fromEntries(
        ['onRetryFailure', 'onRetryStepGroupFailure', 'onTimeout'].map((then) => [
          then,
          { type: 'object', properties: { action: ref('action') } },
        ]),
      ),
    },
  },
};

/** The use of a template. */
export const template: JsonSchema = {
  description: 'What it is made of besides: a file of the folder of templates.',
  type: 'object',
  properties: {
    templateRef: {
      type: 'string',
      description: '`name`, `org.name` or `account.name`.',
      examples: ['org.postgres_service'],
    },
    versionLabel: { description: 'Which version. Without it, the stable one.' },
    templateInputs: { description: 'What it asks for, in its own shape.' },
    gitBranch: { description: 'Not used here.' },
  },
  required: ['templateRef'],
};
