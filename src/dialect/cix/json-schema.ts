import * as z from 'zod/mini';

import { whole } from './schema.ts';

/** A JSON Schema of draft 2020-12, as far as this program looks into one. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly required?: readonly string[];
}

/** What editors check a pipeline file against. Accepts whatever `readPipeline` finds well-formed. */
export const pipelineJsonSchema = (): JsonSchema => {
  const { $schema, ...schema } = z.toJSONSchema(whole(), { io: 'input' }) as JsonSchema & {
    $schema: string;
  };
  return {
    ...{ $schema, $id: 'urn:continuo:cix-2.1' },
    title: 'CIX 2.1 pipeline, as Continuo reads it',
    ...schema,
  };
};
