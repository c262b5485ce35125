import assert from 'node:assert/strict';
import { it } from 'node:test';

import { fill, fillOrFallBack } from './fill.ts';

const variables = new Map([
  ['A', 'a$$B$&'],
  ['EMPTY', ''],
]);

it('takes values as they are, even when they look like holes', () => {
  assert.deepEqual(fill(['<', { variable: 'A' }, '>'], variables), {
    value: '<a$$B$&>',
    missing: [],
  });
});

it('names what is missing and leaves it empty', () => {
  assert.deepEqual(fill([{ variable: 'X' }, '-', { variable: 'Y' }], variables), {
    value: '-',
    missing: ['X', 'Y'],
  });
});

it('falls back only when the value names something missing', () => {
  assert.equal(
    fillOrFallBack({ value: [{ variable: 'X' }], fallback: ['d'] }, variables).value,
    'd',
  );
  assert.equal(
    fillOrFallBack({ value: [{ variable: 'EMPTY' }], fallback: ['d'] }, variables).value,
    '',
  );
  assert.equal(fillOrFallBack({ value: [''], fallback: ['d'] }, variables).value, '');
});

it('tells when the fallback is missing as well', () => {
  const variable = {
    name: 'V',
    value: [{ variable: 'X' }],
    fallback: [{ variable: 'Y' }],
  };
  assert.deepEqual(fillOrFallBack(variable, variables), { value: '', missing: ['Y'] });
});
