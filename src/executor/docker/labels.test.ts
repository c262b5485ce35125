import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { thisProcess } from '../common/owner.ts';
import { fateOfLabelled, labelsFor, ownerOf } from './labels.ts';

describe('the labels of what we make', () => {
  const labels = labelsFor({ runId: 'r', stage: 's', sandbox: 'x' }, 't');

  it('name the run, the stage, the task and who looks after it', () => {
    const { 'continuo.owner': owner, ...rest } = labels;
    assert.deepEqual(rest, {
      'continuo.run': 'r',
      'continuo.stage': 's',
      'continuo.sandbox': 'x',
      'continuo.task': 't',
    });
    assert.deepEqual(JSON.parse(owner!), thisProcess());
    assert.deepEqual(ownerOf(labels), thisProcess());
    assert.equal(fateOfLabelled(labels), 'alive');
  });

  for (const owner of [undefined, '', 'null', '7', '{"pid":1}', '{"pid":"1","start":2}'])
    it(`name nobody whom they do not name in our words: ${owner}`, () => {
      const theirs = owner === undefined ? {} : { ...labels, 'continuo.owner': owner };
      assert.equal(ownerOf(theirs), undefined);
      assert.equal(fateOfLabelled(theirs), 'unknown');
    });
});
