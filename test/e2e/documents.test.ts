import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';

import { Place } from '../rig/cli.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const pages = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
  ...['docs', 'docs/decisions'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`),
  ),
];

describe('the documents', () => {
  it('link only to files that are there', () => {
    for (const page of pages) {
      for (const [, link] of read(page).matchAll(/\]\((?!https?:)([^)#]+)/g)) {
        assert.ok(existsSync(join(root, dirname(page), link!)), `${page} links to ${link}`);
      }
    }
  });

  it('name only scripts that package.json has', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    // The examples of the reference are of other projects.
    const own = pages.filter((page) => page !== 'docs/pipeline-reference.md');
    for (const page of [...own, '.ci/run']) {
      for (const [, name] of read(page).matchAll(/npm run ([\w:-]+)/g)) {
        assert.ok(name! in scripts, `${page} names npm run ${name}`);
      }
    }
  });

  it('begin with the two lines that are the whole set-up', () => {
    const block = /```sh\n([\s\S]*?)```/.exec(read('README.md'))?.[1] ?? '';
    assert.deepEqual(
      block.split('\n').map((line) => line.replace(/ +#.*/, '')),
      ['npm ci && npx continuo exec examples/quickstart.yaml', 'npm ci && npm test', ''],
    );
  });

  it('tell in .ci/run what the README tells', () => {
    const ci = read('.ci/run').split('\n');
    for (const line of ['npm ci', 'npm test', 'npx continuo exec examples/quickstart.yaml']) {
      assert.ok(ci.includes(line), line);
    }
  });

  it('show a pipeline that is valid', async () => {
    await using place = new Place();
    const yaml = /```yaml\n([\s\S]*?)```/.exec(read('README.md'))?.[1] ?? '';
    const told = await place.continuo(['validate', place.file('readme.yaml', yaml)]);
    assert.equal(told.code, 0, told.stderr);
  });

  it('list every command', async () => {
    await using place = new Place();
    const { stdout } = await place.continuo(['--help']);
    const commands = /\nCommands:\n([\s\S]*?)\n\n/.exec(stdout)?.[1] ?? '';
    const told = [...commands.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name!);
    const listed = [...read('README.md').matchAll(/^\| `continuo (\w+)/gm)].map(
      ([, name]) => name!,
    );
    assert.deepEqual(
      listed,
      told.filter((name) => name !== 'help'),
    );
  });

  it('have the table of rooms that lint enforces', async () => {
    const config = join(root, 'eslint.config.js');
    const { rooms } = (await import(config)) as { rooms: Record<string, string[]> };
    const rows = [
      ...read('docs/architecture.md').matchAll(/^\| `([^`]+)` *\|.*\| *([^|]+?) *\|$/gm),
    ];
    const table = Object.fromEntries(
      rows.map(([, room, allowed]) => [room!, allowed === 'nothing' ? [] : allowed!.split(', ')]),
    );
    assert.deepEqual(table, { ...rooms, cli: ['everything'] });
  });
});
