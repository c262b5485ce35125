import assert from 'node:assert/strict';
import { it } from 'node:test';

import { pipelineJsonSchema } from './json-schema.ts';
import { stepWith } from './schema.ts';

const { $defs } = pipelineJsonSchema() as unknown as {
  readonly $defs: Readonly<Record<'step', { readonly properties: object }>>;
};
const names = Object.keys($defs.step.properties);

it('the shape of a step has every key that the step has', () => {
  assert.ok(names.length > 30);
  for (const name of names) assert.ok(name in stepWith([name]).shape, name);
  assert.deepEqual(Object.keys(stepWith(names).shape), names);
});

it('the shape of a step knows the names of all keys, whichever the step has', () => {
  for (const present of [[], ['image'], ['ready', 'loop']]) {
    const told = stepWith(present).safeParse({ name: 'a', nmae: 'a' });
    assert.equal(told.error?.issues[0]?.message, names.join(' '));
  }
});
