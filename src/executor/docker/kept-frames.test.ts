import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { KeptFrames } from './kept-frames.ts';

const piece = 'x'.repeat(16_384);

/** What is read when these frames of one stream come, cut at every so many bytes. */
function read(texts: readonly string[], size = 7_919): string {
  const sent = Buffer.concat(
    texts.map((text) => {
      const header = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);
      header.writeUInt32BE(text.length, 4);
      return Buffer.concat([header, Buffer.from(text)]);
    }),
  );
  const frames = new KeptFrames();
  let all = '';
  for (let at = 0; at < sent.length; at += size)
    for (const { bytes } of frames.read(sent.subarray(at, at + size))) all += bytes.toString();
  return all;
}

describe('kept output', () => {
  it('gets back the newline that was forgotten after a long line', () => {
    assert.equal(read([piece, piece, 'end', '\n', 'next\n']), `${piece}${piece}end\n\nnext\n`);
    assert.equal(read([piece, '', 'next\n']), `${piece}\nnext\n`);
    assert.equal(read([piece, 'a', piece, 'b', 'c\n']), `${piece}a\n${piece}b\nc\n`);
  });

  it('is left alone where nothing was forgotten', () => {
    const short = `${'x'.repeat(16_383)}\n`;
    for (const texts of [
      [piece, 'end\n', 'next\n'],
      [short, 'next\n'],
      [piece, '\n', 'a\n'],
      ['a', 'b'],
    ])
      assert.equal(read(texts), texts.join(''));
  });

  it('ends as it was kept: nobody knows whether its last line had a newline', () => {
    assert.equal(read(['one\n', piece, 'end']), `one\n${piece}end`);
  });
});
