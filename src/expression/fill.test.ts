import assert from 'node:assert/strict';
import { it } from 'node:test';

import { fill, fillVariable } from './fill.ts';

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
  const name = 'V';
  assert.equal(
    fillVariable({ name, value: [{ variable: 'X' }], fallback: ['d'] }, variables).value,
    'd',
  );
  assert.equal(
    fillVariable({ name, value: [{ variable: 'EMPTY' }], fallback: ['d'] }, variables).value,
    '',
  );
  assert.equal(fillVariable({ name, value: [''], fallback: ['d'] }, variables).value, '');
});

it('tells when the fallback is missing as well', () => {
  const variable = {
    name: 'V',
    value: [{ variable: 'X' }],
    fallback: [{ variable: 'Y' }],
  };
  assert.deepEqual(fillVariable(variable, variables), { value: '', missing: ['Y'] });
});
