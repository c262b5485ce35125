import assert from 'node:assert/strict';
import { it } from 'node:test';

import { lookOf, wantsColor, wantsLive, wantsUnicode } from './color.ts';

import type { ColorFlags, Environment } from './color.ts';

it('decides about colours in the order flag, NO_COLOR, FORCE_COLOR, CI, terminal', () => {
  const cases: [ColorFlags, Environment, boolean, boolean][] = [
    [{ color: true }, { NO_COLOR: '1', TERM: 'dumb' }, false, true],
    [{ color: false }, { FORCE_COLOR: '1', GITHUB_ACTIONS: 'true' }, true, false],
    [{}, { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
    [{}, { NO_COLOR: '', TERM: 'xterm' }, true, true],
    [{}, { FORCE_COLOR: '1' }, false, true],
    [{}, { FORCE_COLOR: '' }, false, true],
    [{}, { FORCE_COLOR: '0', TERM: 'xterm' }, true, false],
    [{}, { GITHUB_ACTIONS: 'true' }, false, true],
    [{}, { GITLAB_CI: 'true' }, false, true],
    [{}, { CI: 'true' }, false, false],
    [{}, { TERM: 'xterm' }, true, true],
    [{}, { TERM: 'dumb' }, true, false],
    [{}, {}, false, false],
  ];
  for (const [flags, env, isTTY, expected] of cases)
    assert.equal(wantsColor(flags, env, isTTY), expected, JSON.stringify({ flags, env, isTTY }));
});

it('takes the locale’s word for Unicode', () => {
  assert.equal(wantsUnicode({ LANG: 'en_US.UTF-8' }), true);
  assert.equal(wantsUnicode({ LANG: 'C.utf8' }), true);
  assert.equal(wantsUnicode({ LANG: 'C' }), false);
  assert.equal(wantsUnicode({}), false);
  assert.equal(wantsUnicode({ LC_ALL: 'C', LANG: 'en_US.UTF-8' }), false);
  assert.equal(wantsUnicode({ LC_ALL: '', LC_CTYPE: 'C.UTF-8' }), true);
});

it('goes live only where a picture can be redrawn', () => {
  const terminal = { isTTY: true, columns: 80 };
  assert.equal(wantsLive({ TERM: 'xterm' }, terminal), true);
  assert.equal(wantsLive({ TERM: 'xterm' }, { ...terminal, isTTY: false }), false);
  assert.equal(wantsLive({ TERM: 'xterm' }, { ...terminal, columns: 19 }), false);
  assert.equal(wantsLive({ TERM: 'dumb' }, terminal), false);
  assert.equal(wantsLive({ TERM: 'xterm', CI: 'true' }, terminal), false);
  assert.equal(wantsLive({ TERM: 'xterm', CI: 'false' }, terminal), true);
});

it('makes a look of both', () => {
  assert.deepEqual(lookOf({ color: true }, { LANG: 'C.UTF-8' }, false), {
    color: true,
    unicode: true,
  });
});
