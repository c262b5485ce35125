import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { parseLine, textOf } from './ansi.ts';
import { drawn } from './colours.ts';
import { markHits } from './marks.ts';

import type { Piece } from './ansi.ts';

const esc = '\x1b[';
const pieces = (line: string): Piece[] => parseLine(line).pieces;
const styleOf = (codes: string) => pieces(`${esc}${codes}mx`)[0]?.style;

describe('a line with colours', () => {
  it('is cut into pieces that look the same', () => {
    assert.deepEqual(pieces(`a${esc}31mred${esc}1mbold${esc}0m b`), [
      { text: 'a', style: {} },
      { text: 'red', style: { ink: 1 } },
      { text: 'bold', style: { ink: 1, bold: true } },
      { text: ' b', style: {} },
    ]);
  });

  it('knows 16, 256 and all colours, however they are written', () => {
    assert.deepEqual(styleOf('32;41'), { ink: 2, ground: 1 });
    assert.deepEqual(styleOf('92;101'), { ink: 10, ground: 9 });
    assert.deepEqual(styleOf('38;5;208'), { ink: 208 });
    assert.deepEqual(styleOf('38:5:208'), { ink: 208 });
    assert.deepEqual(styleOf('48;2;255;128;0;1'), { ground: '#ff8000', bold: true });
    assert.deepEqual(styleOf('38:2:255:128:0'), { ink: '#ff8000' });
    assert.deepEqual(styleOf('38:2::255:128:0'), { ink: '#ff8000' });
  });

  it('knows bold, dim, italic, underlined, inverse and struck, and their ends', () => {
    assert.deepEqual(styleOf('1;2;3;4;7;9'), {
      ...{ bold: true, dim: true, italic: true, underline: true, inverse: true, struck: true },
    });
    assert.deepEqual(styleOf('1;2;3;4;7;9;22;23;24;27;29'), {});
    assert.deepEqual(styleOf('31;42;39;49'), {});
    assert.deepEqual(styleOf('31;'), {});
    assert.deepEqual(styleOf(''), {});
  });

  it('takes no harm from colours that there are not', () => {
    for (const codes of [
      '38',
      '38;5',
      '38;5;256',
      '38;2;1;2',
      '38;2;300;0;0',
      '48;9',
      '777',
      ':;:',
    ])
      assert.equal(styleOf(codes)?.ink, undefined, codes);
    assert.deepEqual(styleOf('38;5;999;31'), { ink: 1 });
  });

  it('drops everything else that controls a terminal', () => {
    const line = `${esc}2Ja${esc}10;5Hb\x1b]0;title\x07c\x1b]8;;http://x\x1b\\d\x1b(Be\x00\x07f\tg${esc}?25l`;
    assert.equal(textOf(line), 'abcdef\tg');
    assert.deepEqual(pieces(line), [{ text: 'abcdef\tg', style: {} }]);
    assert.equal(textOf(`end${esc}3`), 'end3');
  });

  it('hands its look on to the next line', () => {
    const { after } = parseLine(`${esc}1;31mred`);
    assert.deepEqual(after, { bold: true, ink: 1 });
    assert.deepEqual(parseLine(`still${esc}m`, after), {
      pieces: [{ text: 'still', style: after }],
      after: {},
    });
  });

  it('loses no letter, whatever is in it', () => {
    const bit = fc.oneof(
      fc.string(),
      fc.constantFrom('\x1b', '[', '31m', `${esc}38;5;`, `${esc}0m`, ']', ';', 'm', '\x07'),
    );
    fc.assert(
      fc.property(
        fc.array(bit).map((bits) => bits.join('')),
        (line) => {
          const text = pieces(line).map((piece) => piece.text);
          assert.equal(text.join(''), textOf(line));
          assert.doesNotMatch(text.join(''), /\x1b/); // eslint-disable-line no-control-regex
          assert.ok(text.every((part) => part !== ''));
        },
      ),
    );
  });
});

describe('colours on the page', () => {
  const look = (codes: string) => drawn(pieces(`${esc}${codes}mx`)[0]!);

  it('are the page’s own for the first 16, and exact for the rest', () => {
    assert.deepEqual(look('1;31;42'), { className: 'bold ink-1 ground-2' });
    assert.deepEqual(look('38;5;9'), { className: 'ink-9' });
    assert.deepEqual(look('38;5;196;48;5;232'), {
      ...{ className: 'ink-any ground-any', ink: '#ff0000', ground: '#080808' },
    });
    assert.deepEqual(look('38;5;110'), { className: 'ink-any alone', ink: '#87afd7' });
    assert.deepEqual(look('38;2;1;2;3'), { className: 'ink-any alone', ink: '#010203' });
    assert.deepEqual(look('48;2;1;2;3'), { className: 'ground-any alone', ground: '#010203' });
    assert.deepEqual(look('2'), { className: 'dim' });
    assert.deepEqual(look('2;31'), { className: 'ink-1' });
  });

  it('are turned round where that is asked for', () => {
    assert.deepEqual(look('7;31;42'), { className: 'ink-2 ground-1' });
    assert.deepEqual(look('7'), { className: 'ink-turned ground-turned' });
    assert.deepEqual(look('7;31'), { className: 'ink-turned ground-1' });
  });
});

describe('what was searched for', () => {
  const marked = (line: string, text: string, matchCase = false) =>
    markHits(pieces(line), { text, matchCase }).map(({ isHit, text: part }) =>
      isHit ? `[${part}]` : part,
    );

  it('is marked wherever it stands, across colours too', () => {
    assert.deepEqual(marked('an error, Error', 'error'), ['an ', '[error]', ', ', '[Error]']);
    assert.deepEqual(marked('an error, Error', 'Error', true), ['an error, ', '[Error]']);
    assert.deepEqual(marked(`an er${esc}31mror`, 'error'), ['an ', '[er]', '[ror]']);
    assert.deepEqual(marked('aaa', 'aa'), ['[aa]', 'a']);
    assert.deepEqual(marked('nothing', ''), ['nothing']);
  });

  it('leaves the line as it is', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string({ minLength: 1 }), (one, other, sought) => {
        const line = parseLine(`${one}${esc}31m${other}`).pieces;
        const text = (all: readonly Piece[]): string => all.map((piece) => piece.text).join('');
        assert.equal(text(markHits(line, { text: sought, matchCase: false })), text(line));
      }),
    );
  });
});
