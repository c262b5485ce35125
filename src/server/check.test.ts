import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { describe, it } from 'node:test';

import { check } from './check.ts';

const order = {
  what: 'pipeline' as const,
  ...{ workspace: tmpdir(), text: 'version: 2.1', variables: {}, secrets: {} },
};

const runner = (script: string) => ({
  ...{ file: process.execPath, args: ['-e', script], env: process.env },
});

describe('a process that looks for mistakes', () => {
  it('tells by its code whether the file is wrong or the place, and what it said', async () => {
    for (const code of [2, 3]) {
      const script = `console.error('so it is'); process.exitCode = ${code};`;
      const failure = { code, said: 'so it is\n' };
      assert.deepEqual(await check(order, runner(script)), { ok: false, failure });
    }
    assert.deepEqual(await check(order, runner('')), { ok: true, value: undefined });
  });

  it('is ended when it takes too long, which is no mistake of the file', async () => {
    const told = await check(order, runner('setInterval(() => undefined, 1_000)'), 300);
    const failure = { code: 3, said: 'It was not read within 300 ms.' };
    assert.deepEqual(told, { ok: false, failure });
  });
});
