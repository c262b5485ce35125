import { pipelineJsonSchema } from '../../dialect/cix/json-schema.ts';
import { exitCode } from '../exit-code.ts';

import type { World } from '../world.ts';

/** Prints the JSON Schema of pipeline files, for editors. */
export function schema({ stdout }: World): number {
  stdout.write(`${JSON.stringify(pipelineJsonSchema(), undefined, 2)}\n`);
  return exitCode.ok;
}
