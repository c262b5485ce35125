import assert from 'node:assert/strict';
import { it } from 'node:test';

import { group, plan, service, step } from '../../test/rig/plans.ts';
import { breaksOf, unknownBreaks } from './breaks.ts';

const plans = [plan(service('db'), group('g', 'serial', step('a', { name: 'unit tests' })))];

it('finds steps, services and groups by their names and ids', () => {
  const flags = { break: ['db', 'g', 'unit tests'], pauseOnFailure: true };
  assert.deepEqual(unknownBreaks(flags, plans), []);
  assert.deepEqual(breaksOf(flags, plans[0]!), {
    before: new Set(['db', 'g', 'a']),
    onFailure: true,
  });
  assert.deepEqual(breaksOf({}, plans[0]!), { before: new Set(), onFailure: false });
});

it('says what is meant perhaps by a name that nothing has', () => {
  assert.deepEqual(unknownBreaks({ break: ['bd', 'elsewhere'] }, plans), [
    '--break bd: there is no step, service or group of that name, did you mean db?',
    '--break elsewhere: there is no step, service or group of that name',
  ]);
});
