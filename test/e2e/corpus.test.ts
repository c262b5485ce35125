import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';

import { parse } from 'yaml';

import { operatorNames } from '../../src/dialect/cix/condition-keys.ts';
import { pipelineJsonSchema } from '../../src/dialect/cix/json-schema.ts';
import { CorpusPlace } from '../rig/corpus-place.ts';
import { CorpusWorld } from '../rig/corpus-world.ts';
import { corpus } from '../rig/corpus.ts';
import { dockerSuite } from '../rig/docker.ts';
import { SchemaUse } from '../rig/schema-use.ts';

const pipelines = corpus();

// A run leaves the processors idle half of its time.
const atOnce = 3;

dockerSuite(
  'the corpus of CIX pipelines',
  () => {
    let world: CorpusWorld | undefined;
    before(async () => (world = await CorpusWorld.open()));
    after(() => world?.[Symbol.asyncDispose]());

    for (const pipeline of pipelines) {
      it(`${pipeline.name}: ${pipeline.shows}`, { timeout: 60_000 }, async () => {
        await using place = new CorpusPlace();
        const args = await world!.fill(pipeline.promise.with, place);
        await place.keeps(pipeline, 'continuo', args);
        if (pipeline.promise.cix) await place.keeps(pipeline, 'cix', args);
      });
    }
  },
  { concurrency: atOnce, timeout: 900_000 },
);

it('the corpus has 80 pipelines and more', () => {
  assert.ok(pipelines.length >= 80, String(pipelines.length));
});

it('the corpus has an example of every key of the language, and of every word to choose', () => {
  const use = new SchemaUse(pipelineJsonSchema());
  const valid = pipelines.filter(({ promise }) => promise.exit !== 2);
  for (const { text } of valid) use.note(parse(text));
  assert.ok(use.keys.length > 100, use.keys.join('\n'));
  assert.deepEqual(
    use.unused.filter((key) => !key.startsWith('step.stop.signal: SIG')),
    [],
  );
});

it('the corpus has a pipeline of its own for every operator', () => {
  const names = new Set(pipelines.map(({ name }) => name));
  const files = operatorNames.map((name) => `when/${name.toLowerCase().replaceAll('_', '-')}`);
  assert.deepEqual(
    files.filter((name) => !names.has(name)),
    [],
  );
});
