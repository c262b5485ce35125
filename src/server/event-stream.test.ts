import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { ByteText } from '../base/byte-text.ts';
import { addMessages } from './event-stream.ts';

import type { JournalRecord } from '../event/event.ts';

const output = (bytes: Buffer): JournalRecord => ({
  ...{ type: 'output', seq: 7, at: 1.25, task: 'tälk "it"', stream: 'stdout', bytes },
});

/** What a client takes out of it. */
function told(records: readonly JournalRecord[]): unknown[] {
  const text = new ByteText();
  addMessages(records, text);
  const messages = text.bytes.toString().split('\n\n');
  assert.equal(messages.pop(), '');
  return messages.map((message) => {
    const [, id, data] = /^id: (\d+)\ndata: ([^\n]*)$/.exec(message)!;
    const value = JSON.parse(data!) as { seq: number };
    assert.equal(value.seq, Number(id));
    return value;
  });
}

const asData = (one: JournalRecord): unknown => {
  if (one.type !== 'output') return one;
  const { bytes, ...head } = one;
  const text = bytes.toString();
  const isText = Buffer.from(text).equals(bytes);
  return { ...head, ...(isText ? { text } : { base64: bytes.toString('base64') }) };
};

describe('events of what was printed', () => {
  it('hold every text as it was', () => {
    const all = Buffer.from(
      Array.from({ length: 0x500 }, (_, code) => String.fromCharCode(code)).join(''),
    );
    for (let skew = 0; skew < 8; skew += 1) {
      const bytes = all.subarray(skew);
      assert.deepEqual(told([output(bytes)]), [asData(output(bytes))]);
    }
    const texts = fc
      .oneof(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc
          .array(fc.constantFrom('"', '\\', '\n', '\u001b[31m', 'plain text', '\u2028', '€'))
          .map((parts) => parts.join('')),
      )
      .map((text) => Buffer.from(text));
    const bytes = fc.oneof(
      texts,
      fc.uint8Array({ maxLength: 100 }).map((some) => Buffer.from(some)),
    );
    fc.assert(
      fc.property(fc.array(fc.record({ bytes }), { maxLength: 5 }), (some) => {
        const records = some.map((one) => output(one.bytes));
        assert.deepEqual(told(records), records.map(asData));
      }),
      { numRuns: 500 },
    );
  });

  it('have room for text of which every byte takes six', () => {
    const bytes = Buffer.alloc(300_000, 1);
    assert.deepEqual(told([output(bytes), output(Buffer.from('a\n'))]), [
      asData(output(bytes)),
      asData(output(Buffer.from('a\n'))),
    ]);
  });
});
