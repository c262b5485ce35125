import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { describe, it } from 'node:test';

import { MemoryPort } from '../../../test/rig/memory-port.ts';
import { LinePrinter } from './line-printer.ts';
import { openPort } from './port.ts';

type Said = readonly [task: string, text: string | Buffer, stream?: 'stdout' | 'stderr'];

async function printed(said: readonly Said[], color = false): Promise<string> {
  const port = new MemoryPort();
  const printer = new LinePrinter(port, { color, prefixOf: ({ task }) => `${task} │ ` });
  for (const [seq, [task, text, stream = 'stdout']] of said.entries())
    await printer.output({ seq, at: 0, type: 'output', task, stream, bytes: Buffer.from(text) });
  await printer.end();
  return port.text;
}

const output = { type: 'output', seq: 0, at: 0, task: 'a' } as const;

describe('a line printer', () => {
  it('puts the prefix before every line', async () => {
    assert.equal(await printed([['a', 'one\n\nthree\n']]), 'a │ one\na │ \na │ three\n');
  });

  it('keeps characters beyond ASCII', async () => {
    assert.equal(await printed([['日', 'grün 🚀\n日本\n']]), '日 │ grün 🚀\n日 │ 日本\n');
  });

  it('goes on with a long line without a prefix', async () => {
    assert.equal(
      await printed([
        ['a', 'be'],
        ['a', 'gin'],
        ['a', 'ning\nnext\n'],
      ]),
      'a │ beginning\na │ next\n',
    );
  });

  it('gives a line that was interrupted its prefix again', async () => {
    const said: Said[] = [
      ['a', 'first '],
      ['b', 'other\n'],
      ['a', 'second\n'],
    ];
    assert.equal(await printed(said), 'a │ first \nb │ other\na │ second\n');
  });

  it('does not mix the streams of a task within a line', async () => {
    const said: Said[] = [
      ['a', 'out'],
      ['a', 'err\n', 'stderr'],
      ['a', 'put\n'],
    ];
    assert.equal(await printed(said), 'a │ out\na │ err\na │ put\n');
  });

  it('puts the suffix after every line, wherever it ends', async () => {
    const port = new MemoryPort();
    const printer = new LinePrinter(port, {
      color: false,
      prefixOf: () => '<',
      suffixOf: (stream) => (stream === 'stderr' ? '>' : ''),
    });
    for (const [stream, text] of [
      ['stderr', 'one\nt'],
      ['stderr', 'wo\nthree'],
      ['stdout', 'four\n'],
      ['stderr', 'five'],
    ] as const)
      await printer.output({ ...output, stream, bytes: Buffer.from(text) });
    await printer.end();
    assert.equal(port.text, '<one>\n<two>\n<three>\n<four\n<five>\n');
  });

  it('ends the last line', async () => {
    assert.equal(await printed([['a', 'no newline']]), 'a │ no newline\n');
    assert.equal(await printed([['a', '10%\r20%']]), 'a │ 20%\n');
    assert.equal(await printed([['a', Buffer.from([0x61, 0xe6])]]), 'a │ a\ufffd\n');
  });

  it('cleans what needs it, and only as long as it needs it', async () => {
    const said: Said[] = [
      ['a', '\x1b[31mred\n'],
      ['a', 'still red\x1b[0m\n'],
      ['a', 'plain\n'],
    ];
    assert.equal(await printed(said), 'a │ red\na │ still red\na │ plain\n');
    assert.equal(
      await printed(said, true),
      'a │ \x1b[31mred\x1b[0m\na │ \x1b[31mstill red\x1b[0m\na │ plain\n',
    );
  });

  it('puts a dollar sign of a prefix as it is', async () => {
    assert.equal(await printed([['$&', 'a\nb\n']]), '$& │ a\n$& │ b\n');
  });

  it('leaves bytes alone until their reader has them', async () => {
    const taken: string[] = [];
    const late = new Writable({
      write: (bytes: Buffer, _encoding, done) => {
        setImmediate(() => {
          taken.push(bytes.toString());
          done();
        });
      },
    });
    const printer = new LinePrinter(openPort(late), { color: false, prefixOf: () => '> ' });
    for (const text of ['long enough for the others\n', 'short\n', 'a\nb\n'])
      await printer.output({ ...output, stream: 'stdout', bytes: Buffer.from(text) });
    assert.deepEqual(taken, ['> long enough for the others\n', '> short\n', '> a\n> b\n']);
  });

  it('waits for a reader that has fallen behind', async () => {
    const port = new MemoryPort();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    port.full = promise;
    const printer = new LinePrinter(port, { color: false, prefixOf: () => '' });
    let settled = false;
    const printing = printer
      .output({
        seq: 0,
        at: 0,
        type: 'output',
        task: 'a',
        stream: 'stdout',
        bytes: Buffer.from('x\n'),
      })
      .then(() => (settled = true));
    await new Promise((turn) => setImmediate(turn));
    assert.equal(settled, false);
    resolve(undefined);
    await printing;
  });
});
