import { join } from 'node:path';
import { test } from 'node:test';

import { readPipeline } from '../../src/dialect/cix/read-pipeline.ts';
import { readBytes } from '../../src/dialect/common/read-bytes.ts';
import { readSource } from '../../src/dialect/common/read-source.ts';
import { holdsMistakes, holdsNothingElse, holdsPlan, pipelinesIn } from '../rig/golden.ts';

const dir = import.meta.dirname;

/** Reads a file of the corpus under its bare name, so that no message holds a path of a machine. */
const read = (folder: string, name: string): ReturnType<typeof readPipeline> =>
  readPipeline(name, {
    read: ({ at }) => readSource(at, (file, limit) => readBytes(join(dir, folder, file), limit)),
  });

for (const name of await pipelinesIn(join(dir, 'valid')))
  test(`valid/${name} becomes its plan`, async () => {
    await holdsPlan(dir, name, await read('valid', name));
  });

for (const name of await pipelinesIn(join(dir, 'invalid')))
  test(`invalid/${name} gets its diagnostics`, async () => {
    await holdsMistakes(dir, name, await read('invalid', name));
  });

test('every expectation belongs to a file', () => holdsNothingElse(dir));
