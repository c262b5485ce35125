import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

import { quoted, toCommands, withShellVariables } from './shell-words.ts';

const run = (script: string, env: Record<string, string> = {}): string =>
  spawnSync('/bin/sh', ['-ec', script], { env, encoding: 'utf8' }).stdout;

test('a variable in a script says what its value would say in the place of it', () => {
  const value = 'a b';
  for (const [before, after] of [
    ['echo "<', '>"'],
    ["echo '<", ">'"],
    ["echo 'it'\\''s <", ">'"],
    ['echo "a \\" <', '>"'],
    ['# don\'t\necho "<', '>"'],
    ['echo "it\'s" \'<', ">'"],
  ] as const) {
    const script = withShellVariables([before, { name: 'X' }, after]);
    assert.equal(run(script, { X: value }), run(`${before}${value}${after}`));
  }
});

test('a value in single quotes is not read by the shell', () => {
  const script = withShellVariables(["echo '<", { name: 'X' }, ">'"]);
  assert.equal(run(script, { X: '$HOME `id`' }), '<$HOME `id`>\n');
});

test('lines become commands of their own where each of them is one', () => {
  assert.deepEqual(toCommands('npm ci\nnpm test\n'), ['npm ci', 'npm test']);
  for (const script of [
    'if true\nthen echo a\nfi',
    'for i in 1 2; do\n  echo $i\ndone',
    'echo a \\\n  b',
    'cat <<END\ntext\nEND',
    "echo 'a\nb'",
    'run() {\n  echo a\n}\nrun',
    'a &&\nb',
  ])
    assert.deepEqual(toCommands(script), [script]);
});

test('a quoted word is one word, whatever it holds', () => {
  for (const word of ['a', 'a b', "it's", '$HOME', '', '*', 'a\nb', '"'])
    assert.equal(run(`printf %s ${quoted(word)}`), word);
});
