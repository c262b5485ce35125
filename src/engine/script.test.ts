import assert from 'node:assert/strict';
import { it } from 'node:test';

import { scriptText } from './script.ts';

import type { Script } from '../plan/plan.ts';

const script = (more: Partial<Script>): Script => ({
  kind: 'script',
  shell: ['/bin/sh'],
  lines: ['echo hi'],
  announce: 'echo',
  ...more,
});

it('stops a shell at the first line that fails, and tells each line first', () => {
  assert.equal(scriptText(script({}), 'T'), "set -e\nprintf '%s\\n' '+ echo hi'\necho hi\n");
});

it('tells nothing when asked to be minimal', () => {
  assert.equal(scriptText(script({ announce: 'minimal' }), 'T'), 'set -e\necho hi\n');
});

it('marks where the time goes', () => {
  assert.match(scriptText(script({ announce: 'timestamp' }), '<T>'), /'\+ <T>echo hi'/);
});

it('tells a line with quotes as it is written', () => {
  const text = scriptText(script({ lines: [`echo 'a' "b"`] }), 'T');
  assert.ok(text.includes(String.raw`'+ echo '\''a'\'' "b"'`));
});

it('gives another interpreter its lines and nothing else', () => {
  const lines = ['const a = 1;', 'console.log(a);'];
  assert.equal(
    scriptText(script({ shell: ['/usr/bin/node'], lines }), 'T'),
    'const a = 1;\nconsole.log(a);\n',
  );
});
