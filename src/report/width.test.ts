import assert from 'node:assert/strict';
import { it } from 'node:test';

import { expandTabs, fit, pad, widthOf, wrap } from './width.ts';

it('counts the columns that a terminal gives', () => {
  const widths: Record<string, number> = {
    '': 0,
    plain: 5,
    grün: 4,
    'gru\u0308n': 4,
    日本語: 6,
    한국: 4,
    ｆｕｌｌ: 8,
    '🚀': 2,
    '👩‍👩‍👧': 2,
    '👍🏽': 2,
    '🇩🇪': 2,
    '❤️': 2,
    '✓ ok': 4,
    '│█░': 3,
    '\x1b[1;31mred\x1b[0m': 3,
    '\x1b[31m日\x1b[0m': 2,
    'a\u200bb': 2,
  };
  for (const [text, width] of Object.entries(widths))
    assert.equal(widthOf(text), width, JSON.stringify(text));
});

it('leaves what fits as it is', () => {
  assert.equal(fit('日本', 4, '…'), '日本');
});

it('cuts between graphemes, never wider than asked', () => {
  assert.equal(fit('postgres', 5, '…'), 'post…');
  assert.equal(fit('日本語', 4, '…'), '日…');
  assert.equal(fit('日本語', 5, '…'), '日本…');
  assert.equal(fit('👩‍👩‍👧👩‍👩‍👧', 3, '~'), '👩‍👩‍👧~');
  assert.equal(fit('ab', 1, '…'), '…');
  assert.equal(fit('ab', 0, '…'), '');
});

it('breaks a sentence between its words, which are never cut', () => {
  assert.deepEqual(wrap('short', 10, '  '), ['short']);
  assert.deepEqual(wrap('one two three four', 9, '  '), ['one two', '  three', '  four']);
  assert.deepEqual(wrap('  a /a/very/long/path b', 8, '  '), ['  a', '  /a/very/long/path', '  b']);
  assert.deepEqual(wrap('/a/very/long/path b', 8, '  '), ['/a/very/long/path', '  b']);
  assert.deepEqual(wrap('\x1b[31mone\x1b[0m two', 7, ''), ['\x1b[31mone\x1b[0m two']);
});

it('closes the colours of what it cuts', () => {
  assert.equal(fit('\x1b[31mabcdef\x1b[0m', 4, '…'), '\x1b[31mabc…\x1b[0m');
});

it('pads to exactly the columns', () => {
  assert.equal(pad('日', 4, '…'), '日  ');
  assert.equal(pad('日本語', 4, '…'), '日… ');
});

it('expands tabs as a terminal would', () => {
  assert.equal(expandTabs('a\tbc\td'), 'a       bc      d');
  assert.equal(expandTabs('日\tx'), '日      x');
});
