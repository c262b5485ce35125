import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Ending } from './ending.ts';

import type { Identity } from '../common/process-table.ts';
import type { ProcessTree } from './process-tree.ts';

/** A tree of what no signal reaches: the first process is never signalled. */
function deafTree(): ProcessTree & { kills: number; isReleased: boolean; members(): Identity[] } {
  return {
    kills: 0,
    isReleased: false,
    members: () => [{ pid: 1, start: 0 }],
    kill() {
      this.kills++;
    },
    release() {
      this.isReleased = true;
    },
  };
}

describe('an ending', () => {
  it('gives up what KILL does not end, and names it', { timeout: 5_000 }, async () => {
    const tree = deafTree();
    const ending = new Ending(tree, undefined, { signal: 'TERM', graceMs: 10 }, 50);
    const { killed, survivors } = await ending.stopped;
    assert.equal(killed, true);
    assert.deepEqual(
      survivors?.map(({ pid }) => pid),
      [1],
    );
    assert.ok(tree.kills > 1, 'one KILL may have come before a fork');
    assert.equal(tree.isReleased, true);
  });

  it('gives up no sooner because it is hurried', { timeout: 5_000 }, async () => {
    const start = performance.now();
    const ending = new Ending(deafTree(), undefined, { signal: 'TERM', graceMs: 3_600_000 }, 50);
    ending.insist({ signal: 'KILL', graceMs: 0 });
    assert.equal((await ending.stopped).survivors?.length, 1);
    assert.ok(performance.now() - start >= 50);
  });
});
