import assert from 'node:assert/strict';
import { it } from 'node:test';

import { exitCode } from '../../exit-code.ts';
import { codeOfAll } from './ask-server.ts';

it('refusals of several files come to the same in whatever order they are', () => {
  const { ok, invalid, unavailable, server } = exitCode;
  assert.equal(codeOfAll([]), ok);
  assert.equal(codeOfAll([invalid]), invalid);
  for (const codes of [
    [invalid, unavailable],
    [unavailable, invalid],
  ])
    assert.equal(codeOfAll(codes), unavailable);
  assert.equal(codeOfAll([unavailable, server]), server);
});
