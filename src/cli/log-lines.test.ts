import assert from 'node:assert/strict';
import { it } from 'node:test';

import { renderDiagnostics } from '../dialect/common/render.ts';
import { toSource } from '../dialect/common/source.ts';
import { Findings } from '../dialect/common/diagnostic.ts';
import { logLinesOf } from './log-lines.ts';

it('diagnostics that were rendered are a line each in a log, with their hints', () => {
  const findings = new Findings(toSource('a.yaml', 'bad: 1\nworse: 2\n'));
  const hint = `do it ${'very '.repeat(20)}right`;
  findings.error([0, 3], 'is  bad', { hint });
  findings.error([7, 12], 'is worse');
  const text = renderDiagnostics(findings.all(), () => findings.source, {
    color: false,
    width: 60,
  });
  assert.match(text, /1 │ bad: 1\n[^]*do it[^]*\n +very/);
  assert.deepEqual(logLinesOf(`The pipeline has mistakes:\n${text}`), [
    `a.yaml:1:1: is  bad; ${hint}`,
    'a.yaml:2:1: is worse',
  ]);
});

it('anything else that is said stays as it is', () => {
  for (const text of ['there is no server', 'no engine answers\nstart one'])
    assert.deepEqual(logLinesOf(text), [text]);
});
