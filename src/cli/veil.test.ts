import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';

import { toSource } from '../dialect/common/source.ts';
import { openPort, send } from './terminal/port.ts';
import { Veil } from './veil.ts';

describe('a veil', () => {
  it('hides secrets in what is written, from when they are known', () => {
    const veil = new Veil();
    const stream = new PassThrough();
    const over = veil.over(stream);
    over.write('hunter2 ');
    veil.hide(['hunter2']);
    over.write('hunter2 aHVudGVyMg== ');
    veil.hide(['other']);
    over.write('hunter2 other');
    assert.equal(String(stream.read()), 'hunter2 ******** ******** ******** ********');
  });

  it('tells when something is written', async () => {
    const over = new Veil().over(new PassThrough().resume());
    await send(openPort(over), 'anything');
  });

  it('is over every property of a stream', () => {
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 33 });
    const over = new Veil().over(stream);
    assert.equal(over.columns, 33);
    let heard = 0;
    over.on('error', () => heard++);
    stream.emit('error', new Error());
    assert.equal(heard, 1);
  });

  it('hides what a diagnostic quotes of a long secret', () => {
    const veil = new Veil();
    const secret = 'correct horse battery staple, correct horse battery staple';
    veil.hide([secret]);
    assert.equal(veil.text(`not \`${secret.slice(0, 39)}…\``), 'not `********…`');
  });

  it('leaves everything else of a file in its place', () => {
    const veil = new Veil();
    veil.hide(['abc\ndefg', 'abcd']);
    const source = veil.source(toSource('f', 'x: abcd y\nz: defg\nw: abc\n'));
    assert.equal(source.text, 'x: **** y\nz: ****\nw: ***\n');
  });
});
