import assert from 'node:assert/strict';
import { test } from 'node:test';

import { partPatterns } from './patterns.ts';

test('a delimiter parts regular expressions', () => {
  assert.deepEqual(partPatterns('freeze,main,main-\\d+', ','), ['freeze', 'main', 'main-\\d+']);
  assert.deepEqual(partPatterns('a; ;b', '; ;'), ['a', 'b']);
  assert.deepEqual(partPatterns('a|b', ','), ['a|b']);
  assert.deepEqual(partPatterns('a,,b,', ','), ['a', '', 'b', '']);
});

test('a delimiter inside of an expression parts nothing', () => {
  assert.deepEqual(partPatterns('\\d{1,3},[a,b]+,(x,y)\\,z', ','), [
    '\\d{1,3}',
    '[a,b]+',
    '(x,y)\\,z',
  ]);
  assert.deepEqual(partPatterns('[(,],a', ','), ['[(,]', 'a']);
});

test('what is never closed is one expression to its end', () => {
  assert.deepEqual(partPatterns('a,(b,c', ','), ['a', '(b,c']);
  assert.deepEqual(partPatterns('a),b', ','), ['a)', 'b']);
});
