import assert from 'node:assert/strict';
import { test } from 'node:test';

import { atPlace } from './at-place.ts';
import { toSource } from './source.ts';

const text = `a: "x y", b\nlonger: {name: word, more: 'in quotes'}\n`;
const source = toSource('f.yaml', text);
const at = (line: number, column: number): string => {
  const where = { file: 'f.yaml', line, column };
  const { endLine, endColumn } = atPlace({ where, message: 'no' }, source).where;
  assert.equal(endLine, line);
  return text.split('\n')[line - 1]!.slice(column - 1, endColumn - 1);
};

test('a mistake of a plan underlines the value that begins at its place', () => {
  assert.equal(at(1, 4), '"x y"');
  assert.equal(at(2, 16), 'word');
  assert.equal(at(2, 28), "'in quotes'");
  assert.equal(at(2, 80), '');
});

test('a mistake of a plan whose file is not at hand still has its place', () => {
  const where = { file: 'f.yaml', line: 3, column: 5 };
  assert.deepEqual(atPlace({ where, message: 'no', hint: 'do' }, undefined), {
    severity: 'error',
    message: 'no',
    hint: 'do',
    where: { ...where, endLine: 3, endColumn: 5 },
  });
});
