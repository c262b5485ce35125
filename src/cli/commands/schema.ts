import { exitCode } from '../exit-code.ts';

import type { JsonSchema } from '../../dialect/common/json-schema.ts';
import type { World } from '../world.ts';

/** The languages that there is a JSON Schema of. */
export type SchemaLanguage = 'cix' | 'harness';

/** Prints the JSON Schema of pipeline files in a language, for editors. */
export async function schema(language: SchemaLanguage, { stdout }: World): Promise<number> {
  stdout.write(`${JSON.stringify(await schemaOf[language](), undefined, 2)}\n`);
  return exitCode.ok;
}

const schemaOf: Readonly<Record<SchemaLanguage, () => Promise<JsonSchema>>> = {
  cix: async () => (await import('../../dialect/cix/json-schema.ts')).pipelineJsonSchema(),
  harness: async () => (await import('../../dialect/harness/json-schema.ts')).harnessJsonSchema(),
};
