import assert from 'node:assert/strict';
import { test } from 'node:test';

import { toSource } from '../common/source.ts';
import { toPlugin } from './read-plugin.ts';

import type { Filter } from './read-plugin.ts';

const filterOf = (yaml: string): Filter => {
  const plugin = toPlugin(toSource('plugins/expand.yaml', yaml));
  assert.ok(plugin.ok, JSON.stringify(plugin));
  assert.equal(plugin.value.name, 'expand');
  return plugin.value.filter;
};

const head = 'version: 2.4\nkind: Plugin\n';

test('a plugin file names an image, a command or commands', () => {
  assert.deepEqual(filterOf(`${head}preprocessor: {image: acme/expand}\n`), {
    kind: 'image',
    image: 'acme/expand',
  });
  assert.deepEqual(filterOf(`${head}preprocessor: {command: [sed, s/1.10/x/, 1.10, false]}\n`), {
    kind: 'command',
    argv: ['sed', 's/1.10/x/', '1.10', 'false'],
  });
  assert.deepEqual(filterOf(`${head}preprocessor:\n  commands:\n    - cat\n    - echo end\n`), {
    kind: 'command',
    argv: ['/bin/sh', '-e', '-c', 'cat\necho end'],
  });
});

const mistakes: readonly (readonly [what: string, yaml: string, ...found: readonly string[]])[] = [
  [
    'the version of pipelines',
    'version: 2.1\nkind: Plugin\npreprocessor: {image: a}\n',
    '1:10 `version` must be `2.4`, not the number `2.1`',
  ],
  [
    'a missing kind',
    'version: 2.4\npreprocessor: {image: a}\n',
    '1:1 `kind` is missing (it is `Plugin`)',
  ],
  [
    'a misspelt key',
    `${head}preprocessor: {imege: a}\n`,
    '3:16 unknown key `imege` (did you mean `image`?)',
  ],
  [
    'a pipeline',
    'version: 2.4\nkind: Pipeline\npipeline: []\n',
    '1:1 `preprocessor` is missing (it is a map with `image`, or with `command` or `commands` of this machine)',
    '2:7 `kind` must be `Plugin`, not `Pipeline`',
    '3:1 unknown key `pipeline` (`pipeline` is a key of pipelines, and a plugin is another kind of file)',
  ],
  [
    'nothing to run',
    `${head}preprocessor: {}\n`,
    '3:1 `preprocessor` says nothing to run (give it `image`, or `command` or `commands` of this machine)',
  ],
  [
    'two things to run',
    `${head}preprocessor:\n  image: a\n  command: [b]\n`,
    '5:3 `preprocessor`: `command` cannot stand beside `image` (give it one of them; two preprocessors are two plugin files)',
  ],
  [
    'a command that is no list',
    `${head}preprocessor: {command: sed -n}\n`,
    '3:25 `preprocessor.command` must be a command as a list of words, such as `[envsubst]`, not `sed -n`',
  ],
];

for (const [what, yaml, ...expected] of mistakes)
  test(`a plugin file with ${what} is refused where it is wrong`, () => {
    const plugin = toPlugin(toSource('expand.yaml', yaml));
    assert.ok(!plugin.ok);
    const found = plugin.failure.map(
      ({ message, hint, where }) =>
        `${where.line}:${where.column} ${message}${hint === undefined ? '' : ` (${hint})`}`,
    );
    assert.deepEqual(found, expected);
  });
