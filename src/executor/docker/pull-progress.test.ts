import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { messagesOf, PullProgress } from './pull-progress.ts';

import type { PullMessage } from './pull-progress.ts';

describe('the messages of a pull', () => {
  it('are read wherever the engine cuts its answer', async () => {
    const text = '{"status":"Wärt"}\r\n\nnonsense\n{"id":"1"}\n3\n{"error":"ö"}';
    const expected = [{ status: 'Wärt' }, { id: '1' }, { error: 'ö' }];
    const bytes = Buffer.from(text);
    for (let size = 1; size <= bytes.length; size++) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );
      const stream = (async function* () {
        await Promise.resolve();
        yield* chunks;
      })();
      assert.deepEqual(await Array.fromAsync(messagesOf(stream)), expected);
    }
  });
});

describe('the progress of a pull', () => {
  it('is the sum of its layers', () => {
    const progress = new PullProgress();
    const take = (...messages: PullMessage[]): boolean[] =>
      messages.map((message) => progress.take(message));
    const loading = (id: string, current: number, total: number): PullMessage => ({
      ...{ id, status: 'Downloading' },
      progressDetail: { current, total },
    });

    assert.deepEqual(
      take({ status: 'Pulling from fruit', id: '1' }, { status: 'Digest: sha256:12' }),
      [false, false],
    );
    take({ status: 'Already exists', id: 'a' }, { status: 'Pulling fs layer', id: 'b' });
    take({ status: 'Pulling fs layer', id: 'c' }, { status: 'Waiting', id: 'c' });
    take(loading('b', 10, 100), loading('c', 20, 200), loading('b', 50, 100));
    assert.deepEqual(progress.figures, {
      ...{ doneBytes: 70, totalBytes: 300 },
      ...{ doneLayers: 1, totalLayers: 3 },
    });

    // While it is unpacked, the figures count unpacked bytes.
    const progressDetail = { current: 3, total: 9_000 };
    take(
      { status: 'Download complete', id: 'b' },
      { status: 'Extracting', id: 'b', progressDetail },
    );
    assert.equal(progress.figures.doneBytes, 120);
    assert.equal(progress.figures.totalBytes, 300);
    take({ status: 'Pull complete', id: 'b' }, { status: 'Pull complete', id: 'c' });
    assert.deepEqual(progress.figures, {
      ...{ doneBytes: 300, totalBytes: 300 },
      ...{ doneLayers: 3, totalLayers: 3 },
    });
    assert.deepEqual(take({ status: 'Retrying in 5 seconds', id: 'c' }), [false]);
    assert.equal(progress.finish(), false);
  });

  it('is complete in the end, even when the engine has not said so of each layer', () => {
    const progress = new PullProgress();
    progress.take({ status: 'Download complete', id: 'a' });
    progress.take({ status: 'Pulling fs layer', id: 'b' });
    assert.equal(progress.finish(), true);
    assert.equal(progress.figures.doneLayers, 2);
  });
});
