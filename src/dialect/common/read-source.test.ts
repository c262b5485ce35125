import assert from 'node:assert/strict';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import fc from 'fast-check';

import { maxBytes, readSource } from './read-source.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'continuo-source-'));
});
after(() => rm(folder, { recursive: true }));

async function whyNot(file: string): Promise<string> {
  const result = await readSource(file);
  assert.ok(!result.ok);
  assert.equal(result.failure.where.file, file);
  return result.failure.message;
}

test('a file is its text, without a byte order mark', async () => {
  const file = join(folder, 'good.yaml');
  await writeFile(file, '\ufeffversion: 2.1\n# ü 🎉\n');
  const result = await readSource(file);
  assert.ok(result.ok);
  assert.equal(result.value.text, 'version: 2.1\n# ü 🎉\n');
  assert.deepEqual(result.value.lineStarts, [0, 13, 20]);
});

test('a missing file is named as missing', async () => {
  assert.equal(await whyNot(join(folder, 'none.yaml')), 'there is no such file');
});

test('a path through a file, a directory, and a circle of links are told apart', async () => {
  const file = join(folder, 'file');
  const circle = join(folder, 'circle');
  await writeFile(file, '');
  await symlink(circle, circle);
  assert.match(await whyNot(join(file, 'x.yaml')), /a part of its path is not a directory/);
  assert.match(await whyNot(folder), /this is a directory/);
  assert.match(await whyNot(circle), /leads to itself/);
  assert.match(await whyNot(join(folder, 'x'.repeat(300))), /its name is too long/);
});

test('a file that may not be read says so', async () => {
  const denied = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
  const result = await readSource('x.yaml', () => Promise.reject(denied));
  assert.ok(!result.ok);
  assert.match(result.failure.message, /may not be read by you/);
});

test('a file beyond the limit is refused, one at the limit is read', async () => {
  const file = join(folder, 'large.yaml');
  await writeFile(file, Buffer.alloc(maxBytes, '#'));
  assert.ok((await readSource(file)).ok);
  await writeFile(file, Buffer.alloc(maxBytes + 1, '#'));
  assert.match(await whyNot(file), /larger than 10 MB/);
});

test('what never ends is read up to the limit only', async () => {
  assert.match(await whyNot('/dev/zero'), /larger than 10 MB/);
});

test('the first byte that is not UTF-8 is found, wherever it stands', async () => {
  const bad = fc.constantFrom(
    [0xff],
    [0xc3, 0x28],
    [0xe2, 0x82],
    [0xf0, 0x9f, 0x8e],
    [0x80],
    [0xc0, 0x80],
  );
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'grapheme' }),
      bad,
      fc.string(),
      async (start, bytes, end) => {
        const before = Buffer.from(`a${start}`);
        const file = Buffer.concat([before, Buffer.from(bytes), Buffer.from(` ${end}`)]);
        const result = await readSource('x.yaml', () => Promise.resolve(file));
        assert.ok(!result.ok);
        const line = `a${start}`.split('\n').length;
        assert.match(result.failure.message, new RegExp(`: byte ${before.length} \\(`));
        assert.equal(result.failure.where.line, line);
      },
    ),
  );
});
