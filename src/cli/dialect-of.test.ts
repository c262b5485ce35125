import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { dialectOf } from './dialect-of.ts';

describe('the language of a file', () => {
  for (const [text, dialect] of [
    ['pipeline:\n  identifier: a\n  stages: []\n', 'harness'],
    ['# ours\n---\npipeline: # here\n  # more\n\n  name: a\n', 'harness'],
    ['"pipeline": &p\n  identifier: a\n', 'harness'],
    ['pipeline: { identifier: a }\n', 'harness'],
    ['{"pipeline": {"identifier": "a"}}', 'harness'],
    ['version: 1\npipeline:\n  stages: []\n', 'harness'],
    ['version: 1\nkind: pipeline\nspec:\n  stages: []\n', 'harness'],
    ['kind: pipeline\ntype: docker\nsteps: []\n', 'harness'],
    ['template:\n  identifier: a\n', 'harness'],
    ['version: 2.1\npipeline:\n  - step: {}\n', 'cix'],
    ['pipeline:\n- step: {}\n', 'cix'],
    ['pipeline:\n  # first\n  - step: {}\n', 'cix'],
    ['pipeline: [{ step: {} }]\n', 'cix'],
    ['version: "2.1"\npipeline:\n  step: {}\n', 'cix'],
    ['version: 1\npipeline:\n  - step: {}\n', 'cix'],
    ['version: 2.1\nsections:\n  pipeline:\n    - step: {}\n', 'cix'],
    ['{"version": 2.1, "pipeline": [{"step": {}}]}', 'cix'],
    ['pipeline:\n', 'cix'],
    ['', 'cix'],
  ] as const)
    it(`is ${dialect} for ${JSON.stringify(text)}`, () => assert.equal(dialectOf(text), dialect));

  it('is cix for every example of it', () => {
    const folder = join(import.meta.dirname, '../../examples');
    for (const name of readdirSync(folder).filter((one) => one.endsWith('.yaml')))
      assert.equal(dialectOf(readFileSync(join(folder, name), 'utf8')), 'cix', name);
  });

  it('is found out for any text', () =>
    fc.assert(
      fc.property(fc.string(), (text) => {
        dialectOf(text);
        dialectOf(`pipeline: ${text}`);
        dialectOf(`{ ${text}`);
      }),
    ));
});
