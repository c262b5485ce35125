import assert from 'node:assert/strict';
import { it } from 'node:test';

import { MemoryPort } from '../../../test/rig/memory-port.ts';
import { Story, plan, step } from '../../../test/rig/story.ts';
import { printLines } from './print-lines.ts';

import type { PrintOptions } from './print-lines.ts';

const options: PrintOptions = {
  look: { color: false, unicode: true },
  style: 'prefixed',
  timestamps: false,
};

async function printed(more: Partial<PrintOptions>): Promise<string> {
  const port = new MemoryPort();
  const story = new Story(plan('p', step('build'), step('test')))
    .says('build', 'a\x1b[31mb\r\n')
    .at(1_500)
    .says('test', 'c\n');
  await printLines(story.read(), port, { ...options, ...more });
  return port.text;
}

it('prints what tasks said behind their names', async () => {
  assert.equal(await printed({}), 'build │ ab\ntest  │ c\n');
});

it('prints one task without its name', async () => {
  assert.equal(await printed({ style: 'bare', only: new Set(['test']) }), 'c\n');
});

it('prints the very bytes', async () => {
  assert.equal(await printed({ style: 'raw', only: new Set(['build']) }), 'a\x1b[31mb\r\n');
});

it('prints the time before each line', async () => {
  assert.equal(
    await printed({ timestamps: true, only: new Set(['test']) }),
    '2026-11-21T22:30:13.500Z test  │ c\n',
  );
});
