import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';

import fc from 'fast-check';

import { Findings } from './diagnostic.ts';
import { renderDiagnostics } from './render.ts';
import { toSource } from './source.ts';

import type { Span } from './source.ts';

const plain = { color: false, width: 80 };

function rendered(text: string, span: Span, options = plain): string {
  const findings = new Findings(toSource('a.yaml', text));
  findings.error(span, 'wrong', { hint: 'do it right' });
  return renderDiagnostics(findings.all(), () => findings.source, options);
}

test('a diagnostic is its place, its line, its underline, its hint, and a count', () => {
  assert.equal(
    rendered('a: 1\nbad: 2\n', [5, 8]),
    [
      'a.yaml:2:1  error  wrong',
      '    2 │ bad: 2',
      '      │ ~~~',
      '    do it right',
      '',
      '1 error',
      '',
    ].join('\n'),
  );
});

test('the place in a text that was preprocessed says by whom', () => {
  const findings = new Findings(toSource('a.yaml', 'bad: 1', ['expand', 'check']));
  findings.error([0, 3], 'wrong');
  assert.match(
    renderDiagnostics(findings.all(), () => findings.source, plain),
    /^a\.yaml:1:1 after preprocessing by 'expand', 'check' {2}error {2}wrong\n/,
  );
});

test('colour changes nothing but colours', () => {
  const colored = rendered('bad: 2', [0, 3], { color: true, width: 80 });
  assert.ok(colored.includes('\u001b[31m~~~'));
  assert.equal(stripVTControlCharacters(colored), rendered('bad: 2', [0, 3]));
});

test('the underline stands under the text, whatever is before it', () => {
  for (const before of ['', '\t', 'ab\t', '日本', '🎉 ', 'e\u0301', '\u001b[1m', 'x'.repeat(500)]) {
    const [, line = '', tildes = ''] = rendered(`${before}WRONG after`, [
      before.length,
      before.length + 5,
    ]).split('\n');
    assert.equal(screen(line).indexOf('WRONG'), screen(tildes).indexOf('~~~~~'), before);
    assert.equal(tildes.trimEnd().endsWith('│ ~~~~~') || tildes.endsWith(' ~~~~~'), true, before);
  }
});

/** A cell for each column: a wide character takes two, an accent none. */
const screen = (line: string): string =>
  line.replaceAll(/[日本🎉]/gu, '##').replaceAll('\u0301', '');

test('a span of several lines is underlined to the end of its first', () => {
  const [, , tildes] = rendered('key: |\n  text\n', [5, 12]).split('\n');
  assert.equal(tildes, '      │      ~');
});

test('no line is wider than the terminal, except the message itself', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', ' ', '\t', '日', '🎉', '\0'),
    maxLength: 300,
  });
  const position = fc
    .tuple(fc.nat(400), fc.nat(400))
    .map(([a, b]): Span => [Math.min(a, b), Math.max(a, b)]);
  fc.assert(
    fc.property(text, position, fc.integer({ min: 40, max: 120 }), (line, span, width) => {
      for (const shown of rendered(line, span, { color: false, width }).split('\n')) {
        const columns = shown.replaceAll(/[日🎉]/gu, '##').length;
        assert.ok(columns <= width, `${columns} of ${width}: ${shown}`);
      }
    }),
  );
});

test('a file that was not read is named without a line', () => {
  const where = { file: 'none.yaml', line: 1, column: 1, endLine: 1, endColumn: 1 };
  const shown = renderDiagnostics(
    [{ severity: 'warning', message: 'there is no such file', where }],
    () => undefined,
    plain,
  );
  assert.equal(shown, 'none.yaml  warning  there is no such file\n\n1 warning\n');
});

test('diagnostics stand in the order of the file, and nothing is told of none', () => {
  const findings = new Findings(toSource('a.yaml', 'a\nb\nc\n'));
  for (const at of [4, 0, 2]) findings.error([at, at + 1], `at ${at}`);
  findings.error([4, 5], 'at 4');
  const shown = renderDiagnostics(findings.all(), () => findings.source, plain);
  assert.deepEqual(shown.match(/at \d/g), ['at 0', 'at 2', 'at 4']);
  assert.match(shown, /\n3 errors\n$/);
  assert.equal(
    renderDiagnostics([], () => undefined, plain),
    '',
  );
});

test('the diagnostics of one file stand together', () => {
  const a = new Findings(toSource('a.yaml', 'x\ny\n'));
  const b = new Findings(toSource('b.yaml', 'x\ny\n'));
  for (const findings of [a, b]) for (const at of [2, 0]) findings.error([at, at + 1], 'wrong');
  const shown = renderDiagnostics([...b.all(), ...a.all()], () => a.source, plain);
  const places = shown.match(/[ab]\.yaml:\d/g);
  assert.deepEqual(places, ['b.yaml:1', 'b.yaml:2', 'a.yaml:1', 'a.yaml:2']);
});
