import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { it } from 'node:test';

import { scriptText, toldLines } from './script.ts';

import type { Script } from '../plan/plan.ts';

const script = (more: Partial<Script>): Script => ({
  kind: 'script',
  shell: ['/bin/sh'],
  lines: ['echo hi'],
  announce: 'echo',
  ...more,
});

const textOf = (one: Script): string => scriptText(one, 'T', new Map());

it('stops a shell at the first line that fails, and tells each line first', () => {
  assert.equal(textOf(script({})), "set -e\nprintf '%s\\n' '+ echo hi'\necho hi\n");
});

it('leaves the status of a command to the next one where a script goes on after failures', () => {
  const lines = ['set +e', '(exit 3)', 'echo "status $?"', 'set -e', 'false && true', 'echo on'];
  for (const shell of ['sh', 'bash']) {
    const told = spawnSync(shell, ['-c', textOf(script({ lines }))], { encoding: 'utf8' });
    assert.match(told.stdout, /^status 3$/m, shell);
    assert.match(told.stdout, /^on$/m, shell);
  }
});

it('tells nothing when asked to be minimal', () => {
  assert.equal(textOf(script({ announce: 'minimal' })), 'set -e\necho hi\n');
});

it('marks where the time goes', () => {
  assert.match(scriptText(script({ announce: 'timestamp' }), '<T>', new Map()), /'\+ <T>echo hi'/);
});

it('tells a line with quotes as it is written', () => {
  const text = textOf(script({ lines: [`echo 'a' "b"`] }));
  assert.ok(text.includes(String.raw`'+ echo '\''a'\'' "b"'`));
});

it('fills in what is known when it runs', () => {
  const lines = [['echo ', { variable: 'A' }, ' $A'] as const];
  const variables = new Map([['A', 'pear']]);
  const text = scriptText(script({ lines, announce: 'minimal' }), 'T', variables);
  assert.equal(text, 'set -e\necho pear $A\n');
});

it('gives another interpreter its lines and nothing else', () => {
  const lines = ['const a = 1;', 'console.log(a);'];
  assert.equal(
    textOf(script({ shell: ['/usr/bin/node'], lines })),
    'const a = 1;\nconsole.log(a);\n',
  );
});

it('knows the lines in which a shell tells of its commands', () => {
  const told = (more: Partial<Script>): readonly string[] =>
    toldLines(
      script({ lines: ['for i in 1; do\n  make\ndone\n', 'echo hi'], ...more }),
      'T',
      new Map(),
    );
  assert.deepEqual(told({}), ['+ for i in 1; do', '  make', 'done', '+ echo hi']);
  assert.equal(told({ announce: 'timestamp' })[0], '+ Tfor i in 1; do');
  assert.deepEqual(told({ announce: 'minimal' }), []);
  assert.deepEqual(told({ shell: ['node'] }), []);
  assert.deepEqual(toldLines({ kind: 'argv', argv: [['make']] }, 'T', new Map()), []);
});
