import assert from 'node:assert/strict';
import { it } from 'node:test';

import { addressTexts, addressWords } from './addresses.ts';

import type { ServiceAddress } from '../event/event.ts';

const both: readonly ServiceAddress[] = [
  { host: 'db', port: 5432, from: 'container' },
  { host: 'db', port: 8008, from: 'container' },
  { host: 'localhost', port: 21_432, from: 'host' },
];

it('says of an address from where it is right', () => {
  assert.equal(
    addressWords(both),
    'db:5432 and db:8008 from containers, localhost:21432 from the host',
  );
  assert.equal(addressWords(both.slice(0, 1)), 'db:5432 from containers');
});

it('says no more than the address when it is right everywhere', () => {
  assert.equal(addressWords([{ host: 'localhost', port: 80 }]), 'localhost:80');
  assert.equal(addressWords([{ host: '::1', port: 80 }]), '[::1]:80');
  assert.equal(addressWords([]), '');
});

it('names an address once where there is little room', () => {
  const same = { host: 'localhost', port: 80 } as const;
  const addresses = [{ ...same, from: 'container' } as const, { ...same, from: 'host' } as const];
  assert.deepEqual(addressTexts(addresses), ['localhost:80']);
  assert.deepEqual(addressTexts(both), ['db:5432', 'db:8008', 'localhost:21432']);
});
