import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { ByteText } from './byte-text.ts';

const pieces = fc.constantFrom('plain ', '\n', '"', '\\', 'grün', '🚀', '\t', '\u0000', '$&');
const texts = fc.array(pieces, { maxLength: 50 }).map((parts) => parts.join(''));

describe('a text of bytes', () => {
  it('holds what was added, as it was, until it is cleared', () => {
    const text = new ByteText();
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 20 }), (parts) => {
        text.clear();
        for (const [nth, part] of parts.entries())
          text.add(nth % 2 === 0 ? part : Buffer.from(part));
        assert.equal(text.bytes.toString(), parts.join(''));
        assert.equal(text.length, Buffer.byteLength(parts.join('')));
      }),
    );
  });

  it('puts between lines what it is told to', () => {
    fc.assert(
      fc.property(texts, texts, texts, (before, lines, between) => {
        const [plain, escaped] = [new ByteText(), new ByteText()];
        plain.add(before);
        plain.addLines(Buffer.from(lines), between);
        assert.equal(plain.bytes.toString(), before + lines.split('\n').join(between));
        escaped.addEscapedLines(Buffer.from(lines), between);
        const asJson = lines.split('\n').map((line) => JSON.stringify(line).slice(1, -1));
        assert.equal(escaped.bytes.toString(), asJson.join(between));
      }),
    );
  });
});
