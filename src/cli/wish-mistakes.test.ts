import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { toPlan } from '../dialect/cix/read-pipeline.ts';
import { toSource } from '../dialect/common/source.ts';
import { preparePlan } from './prepare-plan.ts';
import { wishMistakes } from './wish-mistakes.ts';

function mistakesOf(items: string, variables: Record<string, string> = {}): readonly string[] {
  const read = toPlan(toSource('p.yaml', `version: 2.1\npipeline:\n${items}`));
  assert.ok(read.ok);
  const given = new Map(Object.entries(variables));
  const prepared = preparePlan(read.value.plan, given, () => undefined);
  assert.ok(prepared.ok);
  return wishMistakes(prepared.value, read.value.plan, given).map(
    ({ where, message }) => `${where.line}: ${message}`,
  );
}

const lacks = (what: string): string => `its ${what} names the variable X, which has no value`;

describe('what a step asks for and nobody can give', () => {
  it('is told of each step and service that asks', () => {
    const items = `- step: {name: a, image: $$X}
- step: {name: b, image: a, ports: ['$$X:80']}
- step: {name: c, image: a, volumes: ['$$X:/x'], background: true}
`;
    assert.deepEqual(mistakesOf(items), [
      `3: step 'a': ${lacks('image')}`,
      `4: step 'b': ${lacks('port')}`,
      `5: service 'c': ${lacks('volume')}`,
    ]);
    assert.deepEqual(mistakesOf(items, { X: '8080' }), []);
    assert.match(String(mistakesOf(items, { X: 'a b' })), /^3: step 'a': its image `a b` has /);
  });

  it('is told once, however many copies there are', () => {
    const items = `- step: {name: a, image: $$X, loop: 9}
- steps: {name: g, loop: 2, pipeline: [{step: {name: b, image: a, ports: ['$$X'], loop: 3}}]}
`;
    assert.deepEqual(mistakesOf(items), [
      `3: step 'a': ${lacks('image')}`,
      `4: step 'b': ${lacks('port')}`,
    ]);
  });

  it('behind a condition is told at its turn, not before', () => {
    for (const operator of ['IS_SET', 'IS_NOT_SET']) {
      const when = `when: [{operator: ${operator}, value: $$X}]`;
      const items = `- step: {name: a, image: $$X, ${when}}
- step: {name: b, image: $$X, loop: 2, ${when}}
- steps: {name: g, ${when}, pipeline: [{steps: {name: h, pipeline: [{step: {name: c, image: $$X}}]}}]}
`;
      assert.deepEqual(mistakesOf(items), []);
    }
  });
});
