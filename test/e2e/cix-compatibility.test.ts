import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';

import { operatorNames } from '../../src/dialect/cix/condition-keys.ts';
import { pipelineJsonSchema } from '../../src/dialect/cix/json-schema.ts';
import { Place } from '../rig/cli.ts';
import { openTestServer } from '../rig/server.ts';

const docs = join(import.meta.dirname, '../../docs');
const page = readFileSync(join(docs, 'cix-compatibility.md'), 'utf8');
const [table = '', wrongs = ''] = page.split(/^## What CIX does wrong$|^## Not taken over$/m);
const rows = [...table.matchAll(/^\| (`.*?) +\| (.*?) +\| (\[.*\]\(.*\)) +\|$/gm)].map(
  ([, what = '', how = '', links = '']) => ({
    what,
    how,
    tests: [...links.matchAll(/\[(.+?)\]\((.+?)\)/g)].map(([, title = '', file = '']) => ({
      title,
      file: join(docs, file),
    })),
  }),
);
const named = new Set(rows.flatMap(({ what }) => what.match(/(?<=`)[^` ]+(?=`)/g) ?? []));

/** What Continuo has beside the keys of CIX. */
const ours = ['entrypoint', 'memory', 'cpus', 'needs', 'ready', 'on-exit', 'stop', 'scope'];

/** The keys of a level of the language. */
interface Level {
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** Every key that a row of its own is for. */
function keysWithRows(): string[] {
  const schema = pipelineJsonSchema() as unknown as Level & {
    readonly $defs: Readonly<Record<string, Level>>;
  };
  const levels = ['item', 'step', 'condition', 'steps'].map((name) => schema.$defs[name]!);
  const keys = [schema, ...levels].flatMap(({ properties = {} }) => Object.keys(properties));
  assert.ok(keys.length > 50);
  return keys.filter((key) => !ours.includes(key) && key !== 'step');
}

describe('the table of what is compatible with CIX', () => {
  it('has a row for every key of the language', () => {
    const missing = keysWithRows().filter((key) => !named.has(key));
    assert.deepEqual(missing, []);
  });

  it('has a row for every operator', () => {
    assert.deepEqual(
      operatorNames.filter((name) => !named.has(name)),
      [],
    );
  });

  it('has a row for every command of cix and every option', async () => {
    await using place = new Place();
    const overview = (await place.cix(['--help'])).stdout;
    const commands = [...overview.matchAll(/^ {2}([a-z]+) \[options\]/gm)].map(([, name]) => name!);
    assert.equal(commands.length, 10);
    for (const command of commands) {
      assert.ok(named.has(command), command);
      const { stdout } = await place.cix([command, '--help']);
      for (const [, option = ''] of stdout.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm))
        assert.ok(named.has(option) || option === '--help', `${command} ${option}`);
    }
  });

  it('has a row for every route of its server, and none for others', async () => {
    await using server = await openTestServer();
    const { paths } = (await server.ask({ url: '/api/v1/openapi.json' })).json<{
      paths: Record<string, Record<string, unknown>>;
    }>();
    const routes = Object.entries(paths)
      .filter(([path]) => path.startsWith('/api/') && !path.startsWith('/api/v1/'))
      .flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => `${method.toUpperCase()} \`${inWords(path)}\``),
      );
    const [, section = ''] = page.split(/^## The routes of CIX's server$|^Beside them/m);
    const told = [...section.matchAll(/^\| ((?:GET|POST) `.*?`) +\|/gm)].map(([, row]) => row);
    assert.deepEqual(told.toSorted(), routes.toSorted());

    function inWords(path: string): string {
      const words = new Map([
        ['{pipelineId}', 'ID'],
        ['{nextPipelineId}', 'NEXT'],
        ['{pipelineAlias}', 'ALIAS'],
        ['{environmentVar}', 'NAME'],
      ]);
      return path.slice('/api'.length).replaceAll(/\{.*?\}/g, (word) => words.get(word) ?? word);
    }
  });

  it('names for each row a test that is about it', () => {
    assert.ok(rows.length > 100);
    const strays = rows.filter(({ what, how, tests }) => {
      const [word = ''] = /(?<=`)[^` ]+(?=`)/.exec(what) ?? [];
      const isAbout = (file: string): boolean =>
        isInFilesOf.has(word) || readFileSync(file, 'utf8').includes(word.replace(/^--/, ''));
      const shows = ({ title, file }: (typeof tests)[number]): boolean =>
        existsSync(file) && (title === basename(file) ? isAbout(file) : hasTitle(title, file));
      return how === '' || tests.length === 0 || !tests.every(shows);
    });
    assert.deepEqual(strays, []);
  });
});

describe('the table of what CIX does wrong', () => {
  const shown = [...wrongs.matchAll(/^\| (?!CIX )(.+?) +\| (.+?) +\| \[(.+)\]\((.+?)\) +\|$/gm)];

  it('has rows that can be read', () => {
    const lines = wrongs.split('\n').filter((line) => /^\| (?!CIX |-)/.test(line));
    assert.equal(shown.length, lines.length);
    assert.ok(shown.length > 80, String(shown.length));
  });

  it('names for each row a test that is there under its title', () => {
    const strays = shown.filter(
      ([, , , title = '', file = '']) => !hasTitle(title, join(docs, file)),
    );
    assert.deepEqual(
      strays.map(([, , , title, file]) => `${title} (${file})`),
      [],
    );
  });
});

/** The titles of the tests of a file, each with anything in place of what is filled in. */
const titlesIn = (file: string): readonly RegExp[] =>
  [...readFileSync(file, 'utf8').matchAll(/\b(?:it|test)\(\s*(['"`])((?:\\.|(?!\1).)*)\1/gs)].map(
    ([, , title = '']) => {
      const written = title.replaceAll(/\\(.)/g, '$1').split(/\$\{.*?\}/);
      return new RegExp(`^${written.map(escaped).join('.+')}$`);
    },
  );

const hasTitle = (title: string, file: string): boolean =>
  titlesIn(file).some((pattern) => pattern.test(title)) && hasFixture(title);

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** Titles that begin with a path are about what stands there. */
function hasFixture(title: string): boolean {
  const path = /^(?:valid|invalid|imports)\/\S+/.exec(title)?.[0];
  return path === undefined || existsSync(join(import.meta.dirname, '../pipelines', path));
}

/** Rows whose test reads files that stand elsewhere. */
const isInFilesOf = new Set([
  'version',
  'kind',
  'pipeline',
  'registry',
  'steps',
  'retry',
  'timeout',
]);
