import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { Place } from '../rig/cli.ts';
import { callImage, missing as noDocker } from '../rig/docker.ts';
import { assertInvariants } from '../rig/invariants.ts';

import type { ImageName } from '../images/images.ts';

const root = join(import.meta.dirname, '..', '..');
const examples = join(root, 'examples', 'harness');

interface Example {
  readonly args?: readonly string[];
  readonly prints: readonly RegExp[];
  /** What it runs in, and which image of the tests can take its place. */
  readonly image?: { readonly name: string; readonly standsFor: ImageName };
}

const expected: Record<string, Example> = {
  containers: {
    image: { name: 'redis:7', standsFor: 'redis' },
    prints: [/fill +│ 5/, /count +│ apples: 5/, /fruit_store +│ .*bye bye/],
  },
  quickstart: {
    args: ['--input', 'PORT=17833'],
    prints: [
      /api +✓ ready/,
      /version +│ asking with node v/,
      /health +│ health 200/,
      /report +│ tested quickstart on Linux/,
      /api +│ closing/,
    ],
  },
  templates: {
    args: ['--input', 'GREETING=hello'],
    prints: [/ticker +✓ ready/, /greeting +│ hello from a template, in step greeting/],
  },
};

describe('the examples of Harness', () => {
  it('are all in this test', () => {
    const files = readdirSync(examples).filter((name) => name.endsWith('.yaml'));
    assert.deepEqual(
      files.sort(),
      Object.keys(expected).map((name) => `${name}.yaml`),
    );
  });

  for (const [name, { args = [], image, prints }] of Object.entries(expected))
    it(name, async (t) => {
      if (image && noDocker !== undefined && process.env['CI'] === undefined) {
        t.skip(`no engine: ${noDocker}`);
        return;
      }
      await using _named = image && (await callImage(image.name, image.standsFor));
      await using place = new Place();
      const file = join(examples, `${name}.yaml`);
      const told = await place.continuo(['exec', '--workspace', root, ...args, file]);
      assert.equal(told.code, 0, told.stdout + told.stderr);
      for (const pattern of prints) assert.match(told.stdout, pattern);
      assertInvariants(await place.events());
    });
});
