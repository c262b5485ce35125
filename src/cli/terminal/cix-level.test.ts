import assert from 'node:assert/strict';
import { it } from 'node:test';

import { cixLevelOf, cixLogLine, localTime } from './cix-level.ts';

const at = Date.UTC(2026, 10, 21, 22, 30, 12, 999);

function inZone<T>(zone: string, look: () => T): T {
  const before = process.env['TZ'];
  process.env['TZ'] = zone;
  try {
    return look();
  } finally {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  }
}

it('tells the time on the wall with its offset', () => {
  for (const [zone, told] of [
    ['UTC', '2026-11-21T22:30:12+00:00'],
    ['America/New_York', '2026-11-21T17:30:12-05:00'],
    ['Asia/Kathmandu', '2026-11-22T04:15:12+05:45'],
    ['America/St_Johns', '2026-11-21T19:00:12-03:30'],
  ] as const)
    assert.equal(
      inZone(zone, () => localTime(at)),
      told,
    );
});

it('puts a tab after a level of five characters', () => {
  inZone('UTC', () => {
    assert.equal(cixLogLine(at, 'warn', 'x', false), '2026-11-21T22:30:12+00:00  WARN \tx');
    assert.equal(
      cixLogLine(at, 'error', 'x', true),
      '2026-11-21T22:30:12+00:00  \x1b[31mERROR\x1b[0m\tx',
    );
  });
});

it('takes LOG_LEVEL in any case, and `info` for what is no level', () => {
  assert.equal(cixLevelOf({ LOG_LEVEL: 'ERROR' }), 'error');
  assert.equal(cixLevelOf({ LOG_LEVEL: 'silly' }), 'silly');
  for (const LOG_LEVEL of ['', 'loud', undefined]) assert.equal(cixLevelOf({ LOG_LEVEL }), 'info');
});
