import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Tail } from './tail.ts';

function tailOf(max: number, ...chunks: string[]): Tail {
  const tail = new Tail(max, false);
  for (const chunk of chunks) tail.take('stdout', Buffer.from(chunk));
  return tail;
}

describe('a tail', () => {
  it('keeps the last lines', () => {
    const tail = tailOf(2, 'a\nb\n', 'c\n');
    assert.deepEqual(tail.lines(), ['b', 'c']);
    assert.equal(tail.cut, true);
  });

  it('knows when it has everything', () => {
    const tail = tailOf(2, 'a\n', 'b\n');
    assert.deepEqual(tail.lines(), ['a', 'b']);
    assert.equal(tail.cut, false);
  });

  it('shows a line that has not ended', () => {
    assert.deepEqual(tailOf(2, 'a\nb\nc').lines(), ['b', 'c']);
    assert.deepEqual(tailOf(2, 'a\nb', 'c\n').lines(), ['a', 'bc']);
  });

  it('keeps the open lines of two streams apart', () => {
    const tail = new Tail(5, false);
    tail.take('stdout', Buffer.from('50%'));
    tail.take('stderr', Buffer.from('careful\n'));
    tail.take('stderr', Buffer.from('now'));
    assert.deepEqual(tail.lines(), ['careful', '50%', 'now']);
    tail.take('stdout', Buffer.from(' done\n'));
    assert.deepEqual(tail.lines(), ['careful', '50% done', 'now']);
  });

  it('keeps in the end what a progress bar left', () => {
    const tail = tailOf(2, 'a\n', '10%\r99%');
    tail.end();
    assert.deepEqual(tail.lines(), ['a', '99%']);
  });

  it('keeps empty lines', () => {
    assert.deepEqual(tailOf(3, 'a\n\n\nb\n').lines(), ['', '', 'b']);
  });

  for (const max of [1, 2, 7]) {
    it(`gives the same ${max} lines however much comes at once`, () => {
      const lines = Array.from({ length: 50 }, (_, n) => `line ${n}`);
      const whole = tailOf(max, lines.map((line) => `${line}\n`).join(''));
      assert.deepEqual(whole.lines(), lines.slice(-max));
      assert.equal(whole.cut, true);
    });
  }

  it('remembers only the beginning of a very long line', () => {
    const tail = tailOf(2, 'x'.repeat(1_000_000), 'y'.repeat(1_000_000), 'z\n', 'next\n');
    const [long = '', next] = tail.lines();
    assert.equal(long.length, 2_000);
    assert.equal(next, 'next');
  });
});
