import assert from 'node:assert/strict';
import { it } from 'node:test';

import { Typing } from './typing.ts';

function typed(...chunks: (string | Buffer)[]): {
  lines: string[];
  rest: string;
  ended: number;
  tabs: number;
} {
  const lines: string[] = [];
  let [ended, tabs] = [0, 0];
  const typing = new Typing({
    line: (text) => lines.push(text),
    interrupted: () => ended++,
    tab: () => tabs++,
  });
  for (const chunk of chunks) typing.take(Buffer.from(chunk));
  return { lines, rest: typing.text, ended, tabs };
}

it('takes what is typed up to Enter as a line', () => {
  assert.deepEqual(typed('yes\r', 'no\n', 'per', 'haps'), {
    lines: ['yes', 'no'],
    rest: 'perhaps',
    ended: 0,
    tabs: 0,
  });
  assert.deepEqual(typed('a\r\nb\r', '\nc').lines, ['a', 'b']);
});

it('takes back a character, or all of them', () => {
  assert.equal(typed('yess\x7f').rest, 'yes');
  assert.equal(typed('naïve', '\x7f\x08').rest, 'naï');
  assert.equal(typed('\x7fno\x15yes').rest, 'yes');
});

it('hears of Ctrl-C, and of Tab', () => {
  assert.deepEqual(typed('ye\x03'), { lines: [], rest: 'ye', ended: 1, tabs: 0 });
  assert.deepEqual(typed('y\te'), { lines: [], rest: 'ye', ended: 0, tabs: 1 });
});

it('takes no key for text that is none', () => {
  assert.equal(typed('a\x1b[Ab\x1b[1;5Cc\x1bOPd\t\x00e').rest, 'abcde');
});

it('takes characters that come in parts', () => {
  const [first, second] = [Buffer.from('ä').subarray(0, 1), Buffer.from('ä').subarray(1)];
  assert.equal(typed(first, second).rest, 'ä');
});
