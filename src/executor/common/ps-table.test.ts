import assert from 'node:assert/strict';
import { it } from 'node:test';

import { parsePsLine } from './ps-table.ts';

it('reads a line of ps with a name that has spaces', () => {
  const line = '  501     1   499 Ss   Sat Nov 21 22:41:35 2026     /Applications/A B/Contents/x';
  assert.deepEqual(parsePsLine(line), {
    pid: 501,
    parent: 1,
    group: 499,
    session: 499,
    start: Date.parse('Sat Nov 21 22:41:35 2026'),
    name: '/Applications/A B/Contents/x',
  });
});

it('leaves zombies out', () => {
  assert.equal(parsePsLine('501 1 499 Z+ Sat Nov  1 22:41:35 2026 (sh)'), undefined);
});
