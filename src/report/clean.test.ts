import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { Cleaner, cleanLine } from './clean.ts';

function cleaned(chunks: readonly (string | Buffer)[], color = false): string {
  const cleaner = new Cleaner(color);
  return chunks.map((chunk) => cleaner.take(Buffer.from(chunk))).join('') + cleaner.rest();
}

describe('a cleaner', () => {
  it('leaves plain text and tabs as they are', () => {
    assert.equal(cleaned(['a\tb\nünïcödé 日本\n']), 'a\tb\nünïcödé 日本\n');
  });

  it('puts U+FFFD for bytes that are no UTF-8', () => {
    assert.equal(cleaned([Buffer.from([0x61, 0xff, 0xfe, 0x62, 0x0a])]), 'a\ufffd\ufffdb\n');
    assert.equal(cleaned([Buffer.from([0x61, 0xe6, 0x97])]), 'a\ufffd');
  });

  it('puts characters together that are cut between chunks', () => {
    const bytes = Buffer.from('日🚀\n');
    assert.equal(cleaned([...bytes].map((byte) => Buffer.from([byte]))), '日🚀\n');
  });

  it('shows of a progress bar what a terminal would show in the end', () => {
    assert.equal(cleaned(['10%\r50%\r100%\n']), '100%\n');
    assert.equal(cleaned(['downloading\rdone\n']), 'doneloading\n');
    assert.equal(cleaned(['downloading\r\x1b[Kdone\n']), 'done\n');
    assert.equal(cleaned(['downloading\x1b[2K\rdone\n']), 'done\n');
    assert.equal(cleaned(['abc\b\bX\n']), 'aXc\n');
    assert.equal(cleaned(['日本\rab\n']), 'ab本\n');
  });

  it('shows it whole when it comes in parts', () => {
    assert.equal(cleaned(['10%\r', '50', '%\r', '100%', '\n']), '100%\n');
    assert.equal(cleaned(['10%\r', '50%\r']), '50%');
  });

  it('takes DOS line ends for line ends', () => {
    assert.equal(cleaned(['a\r\nb\r', '\n']), 'a\nb\n');
  });

  it('removes what would break a terminal', () => {
    assert.equal(cleaned(['\x1b[2J\x1b[Hhome\x07\n']), 'home\n');
    assert.equal(cleaned(['\x1b]0;title\x07text\x1b]8;;http://x\x1b\\link\n']), 'textlink\n');
    assert.equal(cleaned(['\x1b(Bcharset\x1bcreset\x1b7\n']), 'charsetreset\n');
    assert.equal(cleaned(['a\x00b\x0bc\x0cd\x7fe\u009bf\n']), 'abcdef\n');
    assert.equal(cleaned(['\x1b[?1049halt\n']), 'alt\n');
  });

  it('removes escapes that are cut between chunks', () => {
    assert.equal(cleaned(['a\x1b', '[2', 'Jb\x1b]0;ti', 'tle\x07c\n']), 'abc\n');
  });

  it('strips colours where there are none', () => {
    assert.equal(cleaned(['\x1b[1;31mred\x1b[0m plain\n']), 'red plain\n');
  });

  it('closes a colour at the end of the line and opens it again on the next', () => {
    assert.equal(
      cleaned(['\x1b[31mred\nstill\x1b[0m not\nplain\n'], true),
      '\x1b[31mred\x1b[0m\n\x1b[31mstill\x1b[0m not\nplain\n',
    );
  });

  it('keeps the colours of characters that stay when a line is written over', () => {
    assert.equal(cleaned(['\x1b[32mok\x1b[0m...\rno\n'], true), 'no...\n');
    assert.equal(cleaned(['\x1b[32mokay\x1b[0m\rno\n'], true), 'no\x1b[32may\x1b[0m\n');
  });

  it('is idle again once nothing is open', () => {
    const cleaner = new Cleaner(true);
    cleaner.take(Buffer.from('\x1b[31mred'));
    assert.equal(cleaner.idle, false);
    cleaner.take(Buffer.from('\x1b[0m\n'));
    assert.equal(cleaner.idle, true);
  });

  it('holds no more than a little of a line that never ends', () => {
    const cleaner = new Cleaner(false);
    const shown = Array.from({ length: 200 }, (_, n) =>
      cleaner.take(Buffer.from(`\r${n}`.padEnd(10_000, 'x'))),
    );
    assert.equal(shown.join('') + cleaner.rest(), '199'.padEnd(9_999, 'x'));
  });
});

describe('wherever the chunks are cut', () => {
  const still = [
    'a',
    'bc',
    '\n',
    '\t',
    '日',
    '🚀',
    '\x1b[31m',
    '\x1b[0m',
    '\x1b]0;t\x07',
    '\x07',
    '\u009b',
  ];
  const property = (bits: readonly string[], lineStart: string) =>
    fc.property(
      fc.array(fc.constantFrom(...bits), { maxLength: 20 }),
      fc.array(fc.nat({ max: 40 })),
      (text, cuts) => {
        const whole = Buffer.from((lineStart + text.join('')).replaceAll('\n', `\n${lineStart}`));
        const inside = cuts.filter((cut) => cut < whole.length).sort((a, b) => a - b);
        const borders = [0, ...inside, whole.length];
        const chunks = borders.slice(1).map((end, index) => whole.subarray(borders[index], end));
        assert.equal(cleaned(chunks), cleaned([whole]));
      },
    );

  it('shows the same of lines that only go forward', () => {
    fc.assert(property(still, ''));
  });

  it('shows the same of lines that begin by moving back', () => {
    fc.assert(property([...still, '\r', '\b', '\x1b[K'], '\r'));
  });
});

it('lets no control character through but newlines and tabs', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      // eslint-disable-next-line no-control-regex -- Those it is about.
      assert.doesNotMatch(cleaned([Buffer.from(bytes)]), /[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
    }),
  );
});

it('makes one line of a text', () => {
  assert.equal(cleanLine('no\nsuch\x1b[31m file\x1b[0m\n'), 'no such file');
});
