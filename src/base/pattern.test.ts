import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { compilePattern } from './pattern.ts';

const flagsOf = (written: string, options = {}): string => {
  const compiled = compilePattern(written, options);
  assert.ok(compiled.ok, compiled.ok ? '' : compiled.failure);
  return compiled.value.flags;
};

describe('compilePattern', () => {
  it('takes what only the u flag understands', () => {
    const compiled = compilePattern('^\\u{1F600} \\p{Lu}(?<ä>x)$');
    assert.ok(compiled.ok && compiled.value.test('😀 Äx'));
  });

  it('takes what only works without the u flag', () => {
    assert.equal(flagsOf('a\\-b {x}'), '');
    const compiled = compilePattern('a\\-b {x}');
    assert.ok(compiled.ok && compiled.value.test('a-b {x}'));
  });

  it('matches at every line when it is asked to, with both kinds', () => {
    assert.equal(flagsOf('^up$', { lines: true }), 'mu');
    assert.equal(flagsOf('^\\-up$', { lines: true }), 'm');
  });

  it('says why something is no pattern', () => {
    assert.deepEqual(compilePattern('(up'), { ok: false, failure: 'unterminated group' });
  });
});
