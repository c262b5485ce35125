import * as z from 'zod/mini';

import { whole } from './schema.ts';

import type { JsonSchema } from '../common/json-schema.ts';

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
