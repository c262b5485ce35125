import assert from 'node:assert/strict';
import { it } from 'node:test';

import { columnsOf, graphemesOf, graphemeWidth } from './columns.ts';

it('columnsOf counts what a terminal gives, grapheme by grapheme', () => {
  const columns: Readonly<Record<string, number>> = {
    '': 0,
    'a b': 3,
    'gru\u0308n': 4,
    'ab\u200bc\u0007': 3,
    日本: 4,
    '👩‍👩‍👧👍🏽🇩🇪❤️': 8,
    '✓│█': 3,
  };
  for (const [text, count] of Object.entries(columns))
    assert.equal(columnsOf(text), count, JSON.stringify(text));
});

it('plain characters are told apart and counted as any others', () => {
  const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
  const plain = 'a b ~ÄÿĐ‐…─│▼◀✓✗';
  assert.deepEqual(
    [...graphemesOf(plain)],
    Array.from(segmenter.segment(plain), ({ segment }) => segment),
  );
  for (let code = 0x20; code < 0x2800; code++) {
    const text = String.fromCodePoint(code);
    assert.equal(columnsOf(text), graphemeWidth(text), code.toString(16));
  }
});

it('graphemesOf keeps together what is one sign', () => {
  const graphemes = [...graphemesOf('u\u0308👩‍👩‍👧x')];
  assert.deepEqual(graphemes, ['u\u0308', '👩‍👩‍👧', 'x']);
  assert.deepEqual(graphemes.map(graphemeWidth), [1, 2, 1]);
});
