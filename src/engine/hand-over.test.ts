import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

import { readOutputs } from './hand-over.ts';
import { scriptText } from './script.ts';

import type { Script } from '../plan/plan.ts';

const folder = mkdtempSync(join(tmpdir(), 'continuo-hand-over-'));
after(() => rmSync(folder, { recursive: true }));
const mark = '@run@';
const outputs = ['A', 'B', 'C'].map((name) => ({ name, as: name }));

/** What such a script hands over, run by its real interpreter. */
function handedBy(shell: Script['shell'], ...lines: string[]): Record<string, string> {
  const [file, script] = [join(folder, 'outputs'), join(folder, 'script')];
  writeFileSync(file, '');
  const run: Script = { kind: 'script', shell, lines, announce: 'echo' };
  writeFileSync(script, scriptText(run, mark, new Map(), outputs));
  const env = { PATH: process.env['PATH'], CONTINUO_OUTPUT: file, C: 'inherited' };
  const { status, stderr } = spawnSync(shell[0], [...shell.slice(1), script], { env });
  assert.equal(status, 0, stderr.toString());
  return Object.fromEntries(readOutputs(readFileSync(file, 'utf8'), mark));
}

const inherited = { C: 'inherited' };

for (const shell of [['/bin/sh'], ['/bin/bash'], ['/bin/bash', '-u']] satisfies Script['shell'][])
  describe(`a script of ${shell.join(' ')}`, () => {
    it('hands over its variables as they are, those it was given among them', () => {
      assert.deepEqual(handedBy(shell, `A='one "two" $three\\n'`, `B=$(printf '1\\n2\\n\\n3')`), {
        A: 'one "two" $three\\n',
        B: '1\n2\n\n3',
        ...inherited,
      });
    });

    it('keeps the newlines at the end of a value, and an empty value', () => {
      assert.deepEqual(handedBy(shell, `A='x\n\n'`, `B=`), { A: 'x\n\n', B: '', ...inherited });
    });

    it('does so when it ends early and well', () => {
      assert.deepEqual(handedBy(shell, 'A=1', 'exit 0', 'A=2'), { A: '1', ...inherited });
    });

    it('does so when it has a trap of its own', () => {
      assert.deepEqual(handedBy(shell, 'trap true EXIT', 'A=1'), { A: '1', ...inherited });
    });

    it('goes by what it says itself before that', () => {
      const lines = [
        'A=1',
        'echo "A=2" >> "$CONTINUO_OUTPUT"',
        'echo "C=mine=so" >> "$CONTINUO_OUTPUT"',
      ];
      assert.deepEqual(handedBy(shell, ...lines), { A: '2', C: 'mine=so' });
    });
  });

for (const lines of [
  ['A=1', 'false'],
  ['set +e', 'A=1', 'false'],
  ['A=1', '[ -e /none ] && true'],
])
  it(`hands nothing over when it fails: ${lines.join('; ')}`, () => {
    const text = scriptText(
      { kind: 'script', shell: ['/bin/sh'], lines, announce: 'minimal' },
      mark,
      new Map(),
      outputs,
    );
    const file = join(folder, 'none');
    writeFileSync(file, '');
    const { status } = spawnSync('/bin/sh', ['-c', text], { env: { CONTINUO_OUTPUT: file } });
    assert.equal(status, 1);
    assert.equal(readFileSync(file, 'utf8'), '');
  });

describe('a script of Python', () => {
  const shell = ['python3'] as const;

  it('hands over its variables, and what it was given', () => {
    const lines = ['A = "one\\ntwo"', 'def f():', '    B = 1', 'f()', 'B = 2'];
    assert.deepEqual(handedBy(shell, ...lines), { A: 'one\ntwo', B: '2', ...inherited });
  });

  it('does so when it ends early and well, and when it imports from the future', () => {
    assert.deepEqual(handedBy(shell, 'import sys', 'A = 1', 'sys.exit(0)'), {
      A: '1',
      ...inherited,
    });
    const lines = ['from __future__ import annotations', 'A = 1'];
    assert.deepEqual(handedBy(shell, ...lines), { A: '1', ...inherited });
  });
});

describe('what is handed over', () => {
  const read = (text: string): Record<string, string> =>
    Object.fromEntries(readOutputs(text, mark));

  it('is of several lines between any word', () => {
    assert.deepEqual(read('A<<END\n1\nB=2\nEND\nC=3\n'), { A: '1\nB=2', C: '3' });
  });

  it('is the last of a name', () => {
    assert.deepEqual(read('A=1\nA=2\n'), { A: '2' });
  });

  it('is a line like any other where nothing ends it', () => {
    assert.deepEqual(read('A<<END\nB=2\n'), { B: '2' });
    assert.deepEqual(read('A=x<<y\nnothing\n=1\n'), { A: 'x<<y' });
  });
});
