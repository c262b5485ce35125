import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';

import { nextRunNumber } from './run-number.ts';

function stateFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'continuo-numbers-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

const shop = { name: 'shop', workspace: '/work/shop' };

describe('nextRunNumber', () => {
  it('counts the runs of each pipeline of each folder by itself, from 1', () => {
    using state = stateFolder();
    const numbers = [
      shop,
      shop,
      { ...shop, name: 'docs' },
      { ...shop, workspace: '/other' },
      shop,
    ].map((one) => nextRunNumber(state.path, one));
    assert.deepEqual(
      numbers.map((one) => one.ok && one.value),
      [1, 2, 1, 1, 3],
    );
  });

  it('gives no number twice and leaves none out when many begin at once', async () => {
    using state = stateFolder();
    const script = `import { nextRunNumber } from ${JSON.stringify(join(import.meta.dirname, 'run-number.ts'))};
      for (let at = 0; at < 25; at++)
        console.log(nextRunNumber(${JSON.stringify(state.path)}, ${JSON.stringify(shop)}).value);`;
    const runs = await Promise.all(
      Array.from({ length: 4 }, () =>
        promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]),
      ),
    );
    const numbers = runs.flatMap(({ stdout }) => stdout.trim().split('\n').map(Number));
    assert.deepEqual(
      numbers.sort((a, b) => a - b),
      Array.from({ length: 100 }, (_, at) => at + 1),
    );
  });

  it('says what is wrong with a folder that takes no entries', () => {
    using state = stateFolder();
    writeFileSync(join(state.path, 'numbers'), '');
    const number = nextRunNumber(state.path, shop);
    assert.ok(!number.ok);
    assert.match(
      number.failure.detail,
      /Cannot write to .*numbers.*: a part of the path is a file/,
    );
  });
});
