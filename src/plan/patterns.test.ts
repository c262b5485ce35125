import assert from 'node:assert/strict';
import { test } from 'node:test';

import { splitPatterns } from './patterns.ts';

test('a delimiter parts regular expressions', () => {
  assert.deepEqual(splitPatterns('freeze,main,main-\\d+', ','), ['freeze', 'main', 'main-\\d+']);
  assert.deepEqual(splitPatterns('a; ;b', '; ;'), ['a', 'b']);
  assert.deepEqual(splitPatterns('a|b', ','), ['a|b']);
  assert.deepEqual(splitPatterns('a,,b,', ','), ['a', '', 'b', '']);
});

test('a delimiter inside of an expression parts nothing', () => {
  assert.deepEqual(splitPatterns('\\d{1,3},[a,b]+,(x,y)\\,z', ','), [
    '\\d{1,3}',
    '[a,b]+',
    '(x,y)\\,z',
  ]);
  assert.deepEqual(splitPatterns('[(,],a', ','), ['[(,]', 'a']);
});

test('a parenthesis that is never closed holds all that follows', () => {
  assert.deepEqual(splitPatterns('a,(b,c', ','), ['a', '(b,c']);
  assert.deepEqual(splitPatterns('a),b', ','), ['a)', 'b']);
});
