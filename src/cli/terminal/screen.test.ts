import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { MemoryPort } from '../../../test/rig/memory-port.ts';
import { Screen } from './screen.ts';

const hide = '\x1b[?25l';
const show = '\x1b[?25h';

describe('a screen', () => {
  it('hides the cursor, and gives it back when closed', async () => {
    const port = new MemoryPort({ isTTY: true });
    const screen = new Screen(port);
    assert.equal(port.text, hide);
    assert.deepEqual([...port.atExitTexts], [show]);
    await screen.close();
    assert.ok(port.text.endsWith(show));
    assert.deepEqual([...port.atExitTexts], []);
  });

  it('draws over what it drew before', () => {
    const port = new MemoryPort({ isTTY: true });
    const screen = new Screen(port);
    screen.draw(['one', 'two']);
    screen.draw(['three']);
    const [, first, second] = port.written.map(String);
    assert.equal(first, '\x1b[?2026h\rone\x1b[K\ntwo\x1b[K\n\x1b[J\x1b[?2026l');
    assert.equal(second, '\x1b[?2026h\r\x1b[2Athree\x1b[K\n\x1b[J\x1b[?2026l');
  });

  it('writes nothing when nothing has changed', () => {
    const port = new MemoryPort({ isTTY: true });
    const screen = new Screen(port);
    screen.draw(['same']);
    const before = port.written.length;
    screen.draw(['same']);
    assert.equal(port.written.length, before);
  });

  it('finds the top again on a terminal that has become narrower', () => {
    const port = new MemoryPort({ isTTY: true, columns: 40 });
    const screen = new Screen(port);
    screen.draw(['x'.repeat(39), 'short']);
    port.columns = 20;
    screen.draw(['y']);
    assert.ok(String(port.written.at(-1)).startsWith('\x1b[?2026h\r\x1b[3Ay'));
  });

  it('leaves out frames while the terminal is behind', async () => {
    const port = new MemoryPort({ isTTY: true });
    const screen = new Screen(port);
    const { promise, resolve } = Promise.withResolvers<undefined>();
    port.full = promise;
    screen.draw(['one']);
    screen.draw(['two']);
    screen.draw(['three']);
    assert.doesNotMatch(port.text, /two|three/);
    port.full = undefined;
    resolve(undefined);
    await screen.close();
  });
});
