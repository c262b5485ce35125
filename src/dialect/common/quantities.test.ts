import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parseBytes, parseCpus } from './quantities.ts';

test('sizes are bytes, and their units powers of 1024', () => {
  assert.equal(parseBytes(8_388_608), 8_388_608);
  assert.equal(parseBytes('8388608'), 8_388_608);
  assert.equal(parseBytes('12b'), 12);
  for (const half of ['512m', '512M', '512mb', '512Mi', '512MiB', '0.5g', '524288k', '512 m'])
    assert.equal(parseBytes(half), 512 * 1024 ** 2, half);
  assert.equal(parseBytes('1t'), 1024 ** 4);
  for (const text of ['', 'm', '5x', '-5m', '1e3', '5mm', '.5g', '1ib'])
    assert.equal(parseBytes(text), undefined, text);
});

test('processors are counted in parts of one, or in thousandths', () => {
  assert.equal(parseCpus(0.5), 0.5);
  assert.equal(parseCpus('2'), 2);
  assert.equal(parseCpus('500m'), 0.5);
  for (const text of ['', 'm', '-1', '5k', '1e-7']) assert.equal(parseCpus(text), undefined, text);
});
