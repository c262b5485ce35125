import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { createMasker } from './masker.ts';
import { base64Forms, textForms } from './secret-forms.ts';

const secretForms = (secret: string): readonly string[] => [
  ...textForms(secret),
  ...base64Forms(secret),
];

const masked = (secrets: readonly string[], text: string): string =>
  createMasker(secrets).text(text);

/** The text after it went through a filter in pieces of these sizes, over and over. */
function inPieces(secrets: readonly string[], text: Buffer, sizes: readonly number[]): Buffer {
  const filter = createMasker(secrets).filter();
  assert.ok(filter);
  const out: Buffer[] = [];
  for (let at = 0, turn = 0; at < text.length; turn++) {
    const size = sizes[turn % sizes.length]!;
    // A copy: whoever gave the bytes may use them again.
    const piece = Buffer.from(text.subarray(at, at + size));
    out.push(Buffer.from(filter.push(piece)));
    piece.fill(0);
    at += size;
  }
  return Buffer.concat([...out, filter.end()]);
}

describe('a masked text', () => {
  const cases: readonly (readonly [string, readonly string[], string, string])[] = [
    ['as it is', ['hunter22'], 'pw=hunter22!', 'pw=********!'],
    ['more than once', ['hunter22'], 'hunter22 hunter22', '******** ********'],
    ['the longest of two that begin alike', ['abcd', 'abcdef'], 'xabcdefx', 'x********x'],
    ['two that overlap, as one', ['abcd', 'cdef'], 'xabcdefx', 'x********x'],
    ['two that touch, as one', ['abcd', 'efgh'], 'xabcdefghx', 'x********x'],
    ['shorter than four characters', ['ab'], 'cab YWI=', 'c******** YWI='],
    ['a multi-line one, whole', ['one1\ntwo2'], 'x one1\ntwo2 y', 'x ******** y'],
    ['a line of a multi-line one', ['one1\n  two2\n}'], 'two2 }', '******** }'],
    ['with a line end that the log has not', ['hunter22\n'], 'hunter22', '********'],
    ['without the blanks at its ends', [' hunter22\t '], 'is hunter22.', 'is ********.'],
    ['in base64 without them', [' hunter22 '], 'aHVudGVyMjIK', '********'],
    ['but not a few letters without them', ['  ab '], 'ab,  ab ', 'ab,********'],
    ['in base64', ['hunter22'], 'aHVudGVyMjI=', '********'],
    ['in base64, after echo', ['hunter22'], 'aHVudGVyMjIK', '********'],
    ['in URL-safe base64', ['a??>>~~'], 'YT8_Pj5-fg', '********'],
    ['URL-encoded', ['p@ss w/rd'], 'p%40ss%20w%2Frd p%40ss+w%2frd', '******** ********'],
    ['URL-encoded by two hands', ['a/b=c?d'], 'a%2fb%3Dc%3fd', '********'],
    ['escaped for JSON', ['say "hi"\t\\'], '{"x":"say \\"hi\\"\\t\\\\"}', '{"x":"********"}'],
    ['escaped for ASCII-only JSON', ['señor'], '"se\\u00f1or"', '"********"'],
    ['not the blank ones', ['', '  \n'], 'a  \n b', 'a  \n b'],
  ];
  for (const [title, secrets, text, expected] of cases) {
    it(`hides secrets: ${title}`, () => {
      assert.equal(masked(secrets, text), expected);
    });
  }

  it('hides the lines of a long secret in wrapped base64', () => {
    const secret = 'correct horse battery staple '.repeat(8);
    for (const width of [64, 76]) {
      const encoded = Buffer.from(secret).toString('base64');
      const lines = encoded.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
      assert.ok(lines.length > 2);
      for (const line of masked([secret], lines.join('\n')).split('\n'))
        assert.equal(line, '********');
    }
  });
});

// Without the mask's own star, which would be found in every mask.
const secret = fc
  .string({ minLength: 4, maxLength: 24, unit: 'grapheme' })
  .filter((text) => text.trim().length >= 4 && !text.includes('*') && /^[^\r\n]+$/.test(text));
const secrets = fc.array(secret, { minLength: 1, maxLength: 4 });
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 });

describe('a stream', () => {
  it('is masked the same wherever it is cut, and shows no form of a secret', () => {
    const noise = fc.string({ maxLength: 12, unit: 'binary' });
    fc.assert(
      fc.property(
        secrets,
        fc.array(fc.tuple(noise, fc.nat(), fc.nat()), { maxLength: 8 }),
        sizes,
        (values, parts, cuts) => {
          const text = parts
            .map(([before, which, form]) => {
              const forms = secretForms(values[which % values.length]!);
              return before + forms[form % forms.length]!;
            })
            .join('');
          const whole = Buffer.from(masked(values, text));
          assert.deepEqual(inPieces(values, Buffer.from(text), cuts), whole);
          for (const form of values.flatMap(secretForms))
            assert.ok(!whole.includes(form), `${JSON.stringify(form)} is shown`);
        },
      ),
    );
  });

  it('shows no secret that stands in the base64 of a longer text', () => {
    const around = fc.uint8Array({ maxLength: 7 });
    fc.assert(
      fc.property(secret, around, around, (value, before, after) => {
        const bytes = Buffer.from(value);
        const encoded = Buffer.concat([before, bytes, after]).toString('base64');
        const first = Math.ceil((before.length * 8) / 6);
        const behind = Math.floor(((before.length + bytes.length) * 8) / 6);
        const certain = encoded.slice(first, behind);
        assert.ok(!masked([value], encoded).includes(certain), encoded);
      }),
    );
  });

  it('shows no secret in the base64 of a longer text that is broken into lines', () => {
    const long = createHash('sha512').update('long').digest('hex').repeat(2);
    for (const value of ['hunter22-hunter33', long.slice(0, 60), long.slice(0, 100), long]) {
      const masker = createMasker([value]);
      for (const width of [64, 76])
        for (let before = 0; before < width; before++) {
          const text = `${'x'.repeat(before)}${value}${'y'.repeat(100)}`;
          const encoded = Buffer.from(text).toString('base64');
          const lines = encoded.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
          const first = Math.ceil((before * 8) / 6);
          const certain = encoded.slice(first, Math.floor(((before + value.length) * 8) / 6));
          const shown = masker.text(lines.join('\n')).replaceAll('\n', '');
          for (let at = 0; at + 4 <= certain.length; at++)
            assert.ok(!shown.includes(certain.slice(at, at + 4)), `${width}, ${before}: ${shown}`);
        }
    }
  });

  it('passes without a change when no secret is in it', () => {
    const digits = fc.uint8Array({ maxLength: 200, max: 0x2f });
    fc.assert(
      fc.property(secrets, digits, sizes, (values, bytes, cuts) => {
        const inText = values
          .flatMap(secretForms)
          .some((form) => Buffer.from(bytes).includes(form));
        fc.pre(!inText);
        assert.deepEqual(inPieces(values, Buffer.from(bytes), cuts), Buffer.from(bytes));
      }),
    );
  });

  it('holds no complete line back, whatever line ends a secret has', () => {
    const filter = createMasker(['hunter22', '\nabcdef\n']).filter();
    assert.equal(filter.push(Buffer.from('ordinary hunter2\n')).toString(), 'ordinary hunter2\n');
  });

  it('holds back what could become a secret, and no more', () => {
    const filter = createMasker(['hunter22']).filter();
    assert.equal(filter.push(Buffer.from('a hunthunt')).toString(), 'a hunt');
    assert.equal(filter.push(Buffer.from('er22')).toString(), '********');
  });

  it('costs nothing without secrets', () => {
    const masker = createMasker(['']);
    const bytes = Buffer.from('text');
    assert.equal(masker.filter().push(bytes), bytes);
    assert.equal(masker.text('text'), 'text');
  });

  it('heeds what becomes a secret while it is under way', () => {
    const masker = createMasker(['hunter22']);
    const filter = masker.filter();
    const push = (text: string): string => filter.push(Buffer.from(text)).toString();
    assert.equal(push('swordfish hunt'), 'swordfish ');
    masker.hide(['swordfish']);
    assert.equal(push('er22 swordfish hunter22'), '******** ******** ********');
    assert.equal(masker.text('swordfish'), '********');
  });

  it('heeds the first secret of all', () => {
    const masker = createMasker([]);
    const filter = masker.filter();
    assert.equal(filter.push(Buffer.from('swordfish')).toString(), 'swordfish');
    masker.hide(['swordfish']);
    assert.equal(filter.push(Buffer.from('swordfish\n')).toString(), '********\n');
  });
});
