import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import fc from 'fast-check';

import { Findings } from '../diagnostic.ts';
import { parseAnyYaml, parseYaml } from '../parse-yaml.ts';
import { toSource } from '../source.ts';
import { readUsualYaml } from './read-usual-yaml.ts';

const root = join(import.meta.dirname, '../../../..');
const corpus = globSync(['examples/**/*.{yaml,yml}', 'test/**/*.{yaml,yml}'], { cwd: root })
  .filter((file) => !file.includes('node_modules'))
  .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));

/** What is read is what the package `yaml` reads, each place included. Whether it is read at all. */
function isReadAlike(text: string): boolean {
  const source = toSource('x.yaml', text);
  const usual = readUsualYaml(source);
  if (!usual) return false;
  const findings = new Findings(source);
  const tree = parseAnyYaml(findings);
  assert.deepEqual(findings.all(), [], text);
  assert.deepEqual(usual, tree, text);
  return true;
}

const usual: Readonly<Record<string, string>> = {
  'values of every kind': 'a: x\nb: 1\nc: 1.50\nd: true\ne: ~\nf: 0x1f\ng: 1e3\nh: .inf\ni: -x\n',
  'maps and lists in each other': 'a:\n  b:\n    - c: 1\n      d: 2\n    - - e\n      - f\ng: 3\n',
  'a list at the column of its key': 'a:\n- b\n- c:\n  - d\ne: f\n',
  'nothing behind keys': 'a:\nb:   \n\nc:\n',
  'texts in quotes': `"a b": 'it''s'\n'b': "a\\tb \\u00e9"\nc: ''\n`,
  'texts of several lines': `a: b\n  c\n\n  d\ne: 'f\n  g\n\n  h'\ni: "j\n  k "\nl:\n  m n\n`,
  'blocks of text':
    'a: |\n  b\n   c\n\n  d\n\ne: >-\n\n  f\n  g\n    h\n\n  i\nj:\n  - |-\n    k\n',
  'a block of text at the end without a line end': 'a: |\n  b\n  c',
  'lists and maps in brackets': 'a: [b, "c", 1, {d: e, f: [x:y, g h]}]\ni: {}\nj: []\n',
  'comments wherever they may stand':
    '# a\n\nb: c # d\n  # e\n\nf: # g\n  # h\n  - i\n  # j\n    # k\n\n# l\nm: |\n  # n\n # o\n',
  'comments behind the end of lists':
    'a:\n  b:\n    - c\n      # in\n    # of\n  # after\n  d: e\n    # f\n',
};

for (const [title, text] of Object.entries(usual))
  test(`the usual reader reads ${title} as the package yaml does`, () => {
    assert.ok(isReadAlike(text));
  });

test('it reads nearly every pipeline there is, as the package yaml does', () => {
  const valid = corpus.filter(({ file }) => file.includes('/valid/'));
  const read = valid.filter(({ text }) => isReadAlike(text));
  assert.ok(valid.length > 60 && read.length > 0.95 * valid.length, `${read.length} of these`);
  for (const { text } of corpus) isReadAlike(text);
});

const unusual: Readonly<Record<string, string>> = {
  'an empty text': '',
  'a comment alone': '# nothing\n',
  'a list at the top': '- a\n',
  'a text at the top': 'a\n',
  'an anchor and its alias': 'a: &x 1\nb: *x\n',
  'a merge': 'a: {b: 1}\n<<: {c: 2}\n',
  'a tag': 'a: !!str 1\n',
  'two documents': 'a: 1\n---\nb: 2\n',
  'a directive': '%YAML 1.2\n---\na: 1\n',
  'a mark of the byte order': '\uFEFFa: 1\n',
  'line ends of Windows': 'a: 1\r\nb: 2\r\n',
  'a key twice': 'a: 1\na: 2\n',
  'a tab that indents': 'a:\n\tb: 1\n',
  'a quote that is not closed': "a: 'b\nc: d\n",
  'a line of a quoted text that is not indented': 'a: "b\nc"\n',
  'a wrong indentation': 'a:\n    b: 1\n  c: 2\n',
  'a value that holds a colon': 'a: b: c\n',
  'a key without a colon': 'a: 1\nb\n',
};

for (const [title, text] of Object.entries(unusual))
  test(`the usual reader leaves ${title} to the package yaml`, () => {
    assert.equal(readUsualYaml(toSource('x.yaml', text)), undefined);
  });

test('what the usual reader cannot read is read all the same', () => {
  const findings = new Findings(toSource('x.yaml', 'a: &x 1\nb: *x\n'));
  assert.equal(parseYaml(findings)?.size, 3);
});

const bits = [
  ...'\n #-:\'"|>[]{},&*!?%@`~\\\t.<é\u00a0\u2028'.split(''),
  ...['  ', ' # c', '# c\n', '\n  # c\n', '\n\n', '- ', ': ', ':\n', '|-', '>-\n', '|\n', ' |2\n'],
  ...['null', 'true', '1.50', '---\n', '...\n', '<<: ', 'x:\n', '\n  x', 'key: v\n', '- - ', '"a'],
  ...[
    "''",
    '[a, b]',
    '{a: b}',
    '{}',
    "'it''s'",
    "'a\n  b'",
    '"a\n\n   b\n  "',
    '>\n a\n  b\n\n c\n',
  ],
];

const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  what: fc.oneof(
    fc.record({ kind: fc.constant('insert' as const), text: fc.constantFrom(...bits) }),
    fc.record({ kind: fc.constant('end' as const), text: fc.constantFrom(...bits) }),
    fc.record({ kind: fc.constant('remove' as const), count: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ kind: fc.constant('indent' as const), by: fc.integer({ min: -4, max: 4 }) }),
    fc.record({ kind: fc.constant('copy' as const), from: fc.nat(20) }),
  ),
});

function changed(
  text: string,
  { at, what }: typeof change extends fc.Arbitrary<infer T> ? T : never,
): string {
  const place = Math.floor(at * text.length);
  if (what.kind === 'insert') return text.slice(0, place) + what.text + text.slice(place);
  if (what.kind === 'remove') return text.slice(0, place) + text.slice(place + what.count);
  const lines = text.split('\n');
  const index = Math.floor(at * lines.length) % lines.length;
  const line = lines[index]!;
  if (what.kind === 'end') lines[index] = line + what.text;
  else if (what.kind === 'copy') lines.splice(index, 0, lines[what.from % lines.length]!);
  else lines[index] = what.by < 0 ? line.slice(-what.by) : ' '.repeat(what.by) + line;
  return lines.join('\n');
}

/** Some twenty lines of a file, as far to the left as they go: in a short text a change says more. */
function excerpt(text: string, from: number): string {
  const lines = text.split('\n').slice(from, from + 20);
  const indent = /^ */.exec(lines[0] ?? '')![0];
  return lines
    .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
    .join('\n');
}

test('whatever is changed in a pipeline, the usual reader reads it as the package yaml does, or not at all', () => {
  const pipeline = fc
    .tuple(fc.constantFrom(...corpus), fc.nat(60))
    .map(([{ text }, from]) => excerpt(text, from % Math.max(1, text.split('\n').length - 10)));
  let read = 0;
  fc.assert(
    fc.property(pipeline, fc.array(change, { minLength: 1, maxLength: 4 }), (text, changes) => {
      if (isReadAlike(changes.reduce(changed, text))) read++;
    }),
    { numRuns: 2_500 },
  );
  assert.ok(read > 250, `${read} were read`);
});
