import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import fc from 'fast-check';

import { maxImportDepth } from '../../src/dialect/cix/imports-load.ts';
import { readPipeline } from '../../src/dialect/cix/read-pipeline.ts';
import { readBytes } from '../../src/dialect/common/read-bytes.ts';
import { readSource, unread } from '../../src/dialect/common/read-source.ts';
import { toSource } from '../../src/dialect/common/source.ts';
import { fail, ok } from '../../src/base/result.ts';
import { matchesGolden, rendered } from '../rig/golden.ts';

import type { Token } from '../../src/dialect/common/read-source.ts';

const corpus = join(import.meta.dirname, 'imports');
const variables = new Map([
  ['FOLDER', 'ci'],
  ['EMPTY', ''],
]);

for (const name of await readdir(corpus))
  test(`imports/${name} is read as it says`, async () => {
    const result = await readPipeline('main.yaml', {
      read: ({ at }) =>
        readSource(at, (file, limit) => readBytes(join(corpus, name, file), limit)),
      variables,
    });
    const golden = join(corpus, name, result.ok ? 'plan.json' : 'diagnostics.txt');
    const actual = result.ok
      ? `${JSON.stringify({ plan: result.value.plan, warnings: result.value.warnings }, null, 2)}\n`
      : rendered(result.failure);
    assert.doesNotMatch(actual, /verysecret/);
    await matchesGolden(golden, actual);
  });

/** Reads `main` from files that are texts here, and tells what was asked for. */
async function readTexts(main: string, textOf: (at: string) => string | undefined, given = variables) {
  const asked: { at: string; token: Token | undefined }[] = [];
  const result = await readPipeline(main, {
    read: ({ at, token }) => {
      asked.push({ at, token });
      const text = textOf(at);
      return Promise.resolve(
        text === undefined ? fail(unread(at, 'there is no such file')) : ok(toSource(at, text)),
      );
    },
    variables: given,
  });
  const told = result.ok ? result.value.warnings : result.failure.diagnostics;
  return { result, asked, messages: told.map(({ message }) => message) };
}

const step = (name: string): string => `{step: {name: ${name}, commands: [make]}}`;

/** `0.yaml` imports `1.yaml`, and so on up to the last, which is a step. */
const chain =
  (length: number) =>
  (at: string): string => {
    const number = Number(at.replace('.yaml', ''));
    return number === length
      ? `version: 2.1\npipeline: [${step('last')}]`
      : `version: 2.1\nimports: {next: {src: ${number + 1}.yaml}}\npipeline: [{import: [next]}]`;
  };

test('a chain of imports is followed as deep as promised, and no deeper', async () => {
  assert.ok((await readTexts('0.yaml', chain(maxImportDepth))).result.ok);
  const { messages } = await readTexts('0.yaml', chain(maxImportDepth + 1));
  assert.deepEqual(messages, ["import 'next' is one too many"]);
});

test('a file that makes ever more imports is given up', async () => {
  let made = 0;
  const { result, asked } = await readTexts('0.yaml', () => {
    const imports = Array.from({ length: 20 }, (_, at) => `i${at}: {src: ${(made += 1)}.yaml}`);
    return `version: 2.1\nimports: {${imports.join(', ')}}\npipeline: [${step('a')}]`;
  });
  assert.ok(!result.ok);
  assert.ok(asked.length <= 500);
});

test('a file is asked for once, whoever imports it', async () => {
  const files: Record<string, string> = {
    'main.yaml':
      'version: 2.1\nimports: {a: {src: a.yaml}, b: {src: b.yaml}, c: {src: c.yaml}}\npipeline: [{import: [a.s, b.s, c.one]}]',
    'a.yaml': `imports: {c: {src: c.yaml}}\ns: {import: [c.two]}`,
    'b.yaml': `imports: {c: {src: ./c.yaml}}\ns: {import: [c.three]}`,
    'c.yaml': `one: ${step('one')}\ntwo: ${step('two')}\nthree: ${step('three')}`,
  };
  const { result, asked } = await readTexts('main.yaml', (at) => files[at]);
  assert.ok(result.ok);
  assert.deepEqual(
    asked.map(({ at }) => at),
    ['main.yaml', 'a.yaml', 'b.yaml', 'c.yaml'],
  );
});

test('a token goes on to what is imported from the same server, and to no other', async () => {
  const files: Record<string, string> = {
    'main.yaml':
      'version: 2.1\nimports: {a: {src: "https://one.test/ci/a.yaml", http_authorization_token: $$MINE}}\npipeline: [{import: [a.s]}]',
    'https://one.test/ci/a.yaml':
      'imports: {b: {src: ../b.yaml?x=1#y}, c: {src: https://two.test/c.yaml}}\ns: {import: [b.s, c.s]}',
    'https://one.test/b.yaml?x=1': `s: ${step('b')}`,
    'https://two.test/c.yaml': `s: ${step('c')}`,
  };
  const mine = new Map([['MINE', ' t-1\n']]);
  const { result, asked } = await readTexts('main.yaml', (at) => files[at], mine);
  assert.ok(result.ok);
  assert.deepEqual(
    asked.map(({ at, token }) => [at, token?.value]),
    [
      ['main.yaml', undefined],
      ['https://one.test/ci/a.yaml', 't-1'],
      ['https://one.test/b.yaml?x=1', 't-1'],
      ['https://two.test/c.yaml', undefined],
    ],
  );
  const both = new Map([...mine, ['HTTP_AUTHORIZATION_TOKEN', 't-2']]);
  const again = await readTexts('main.yaml', (at) => files[at], both);
  assert.deepEqual(again.asked, asked, 'a variable that no import names is shown to nobody');
});

test('a file of a server can import no file of this machine', async () => {
  const files: Record<string, string> = {
    'https://one.test/main.yaml':
      'version: 2.1\nimports: {a: {src: /etc/passwd}, b: {src: "file:///etc/passwd"}}\npipeline: [{import: [a, b]}]',
  };
  const { asked } = await readTexts('https://one.test/main.yaml', (at) => files[at]);
  assert.deepEqual(
    asked.map(({ at }) => at),
    ['https://one.test/main.yaml', 'https://one.test/etc/passwd'],
  );
});

test('values of variables are taken as they are', async () => {
  const name = 'a$$B$&$1.yaml';
  const { result } = await readTexts(
    'main.yaml',
    (at) =>
      at === 'main.yaml'
        ? 'version: 2.1\nimports: {a: {src: $$NAME}}\npipeline: [{import: [a]}]'
        : at === name
          ? `version: 2.1\npipeline: [${step('a')}]`
          : undefined,
    new Map([
      ['NAME', name],
      ['B', 'never'],
    ]),
  );
  assert.ok(result.ok);
});

/** The files of each example, by their names. */
const examples = readdirSync(corpus).map((name) => {
  const folder = join(corpus, name);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return new Map(
    files
      .filter((file) => /\.(yaml|json)$/.test(file) && file !== 'plan.json')
      .map((file) => [file, readFileSync(join(folder, file), 'utf8')]),
  );
});

test('files with random slips of the pen never break the reader', async () => {
  const slip = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), cut: fc.nat(12) });
  const slips = fc.array(
    fc.tuple(slip, fc.constantFrom('', 'import', ': ', '- ', '[', '}', 'lib', '\n  ', '$$', '.')),
    { maxLength: 6 },
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...examples), slips, async (files, changes) => {
      const slipped = new Map(files);
      for (const [index, [{ at, cut }, word]] of changes.entries()) {
        const name = [...files.keys()][index % files.size]!;
        const text = slipped.get(name)!;
        const place = Math.floor(at * text.length);
        slipped.set(name, text.slice(0, place) + word + text.slice(place + cut));
      }
      const { result } = await readTexts('main.yaml', (at) => slipped.get(at));
      const { sources } = result.ok ? result.value : result.failure;
      const told = result.ok ? result.value.warnings : result.failure.diagnostics;
      assert.equal(
        told.some(({ severity }) => severity === 'error'),
        !result.ok,
      );
      assert.doesNotMatch(rendered({ diagnostics: told, sources }), /undefined|\[object|Invalid input/);
    }),
    { numRuns: 300 },
  );
});
