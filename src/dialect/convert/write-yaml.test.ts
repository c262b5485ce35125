import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Findings } from '../common/diagnostic.ts';
import { parseYaml } from '../common/parse-yaml.ts';
import { toSource } from '../common/source.ts';
import { toValue } from '../common/tree.ts';
import { writeYaml } from './write-yaml.ts';

import type { Written } from './write-yaml.ts';

const spaced = new Set(['steps']);

/** What is read of what is written. */
function returned(value: Written): unknown {
  const findings = new Findings(toSource('made.yaml', writeYaml(value, { head: [], spaced })));
  const tree = parseYaml(findings);
  assert.deepEqual(findings.all(), []);
  return JSON.parse(JSON.stringify(toValue(tree!)));
}

test('whatever is written is read again as it was', () => {
  const pieces = ['a', ' ', '\n', '\t', ': ', ' #', '- ', "'", '"', '\\', '{', ']', '*', '&', '%'];
  pieces.push(
    '|',
    '>',
    '$$X',
    '<+x>',
    'é',
    '\u2028',
    '\u0085',
    '\r',
    '😀',
    '~',
    'null',
    '1.10',
    '',
  );
  let seed = 7;
  const next = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  for (let turn = 0; turn < 1_000; turn++) {
    const text = Array.from({ length: next(9) }, () => pieces[next(pieces.length)]!).join('');
    const value = { command: text, steps: [{ step: { name: text } }, { a: [text, 1, true] }] };
    assert.deepEqual(returned(value), value);
  }
});

test('scripts are blocks, small settings share a line, and steps stand apart', () => {
  const value = {
    steps: [
      { step: { name: 'a', command: 'one\ntwo', ready: { tcp: 80 } } },
      { step: { name: 'b', needs: ['a'] } },
    ],
  };
  assert.equal(
    writeYaml(value, { head: ['Made.'], spaced }),
    `# Made.

steps:
  - step:
      name: a
      command: |-
        one
        two
      ready: {tcp: 80}

  - step:
      name: b
      needs: [a]
`,
  );
});
