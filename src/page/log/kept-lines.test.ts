import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { KeptLines, beginOfBlock, blockLines } from './kept-lines.ts';

import type { LinesAnswer } from './kept-lines.ts';

const answer = (from: number, count: number, total: number, ended = false): LinesAnswer => ({
  lines: Array.from({ length: count }, (_, index) => ({
    ...{ n: from + index, at: 0, task: 'a', stream: 'stdout', text: `line ${from + index}` },
  })),
  ...{ total, ended },
});

describe('kept lines', () => {
  it('say what is missing of what is wanted, up to the end', () => {
    const kept = new KeptLines();
    assert.equal(kept.missing(1, 10), undefined);
    kept.put(answer(1, 5, 9));
    assert.equal(kept.line(5)?.text, 'line 5');
    assert.equal(kept.missing(1, 5), undefined);
    assert.equal(kept.missing(1, 100), 6);
    kept.put(answer(6, 4, 9, true));
    assert.equal(kept.missing(1, 100), undefined);
    assert.deepEqual([kept.total, kept.ended], [9, true]);
  });

  it('are those that were told last: a line that had not ended may have grown', () => {
    const kept = new KeptLines();
    kept.put(answer(1, 1, 1));
    kept.put({
      ...answer(1, 1, 1),
      lines: [{ ...answer(1, 1, 1).lines[0]!, text: 'line 1 and more' }],
    });
    assert.equal(kept.line(1)?.text, 'line 1 and more');
    kept.put(answer(2, 1, 1));
    assert.equal(kept.total, 1);
  });

  it('are a few of ten million, those that were looked at last', () => {
    const kept = new KeptLines();
    const total = 10_000_000;
    kept.put(answer(1, blockLines, total));
    for (let n = 1; n < 400; n++) {
      kept.touch(1, 1);
      kept.put(answer(n * blockLines + 1, blockLines, total));
    }
    assert.ok(kept.line(1));
    assert.ok(kept.line(399 * blockLines + 1));
    assert.equal(kept.line(200 * blockLines + 1), undefined);
  });

  it('are asked for by blocks', () => {
    assert.deepEqual([1, 200, 201, 400].map(beginOfBlock), [1, 1, 201, 201]);
  });
});
