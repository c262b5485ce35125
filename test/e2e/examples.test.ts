import assert from 'node:assert/strict';
import { accessSync, constants, existsSync, globSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, it } from 'node:test';

import { Place } from '../rig/cli.ts';
import { callImage, missing as noDocker } from '../rig/docker.ts';
import { exercised } from '../rig/exercised.ts';
import { assertInvariants } from '../rig/invariants.ts';

import type { ImageName } from '../images/images.ts';

const root = join(import.meta.dirname, '..', '..');
const examples = join(root, 'examples');

/** Programs outside of the PATH that an example finds by itself. */
const elsewhere = ['/usr/sbin', ...globSync('/usr/lib/postgresql/*/bin')];

function isInstalled(program: string): boolean {
  return [...(process.env['PATH'] ?? '').split(delimiter), ...elsewhere].some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

interface Example {
  readonly needs?: readonly string[];
  readonly args?: readonly string[];
  /** What is printed, in this order. */
  readonly prints: readonly RegExp[];
  readonly exercises?: 'redis' | 'postgres' | 'nginx';
  /** What it runs in, and which image of the tests can take its place. */
  readonly image?: { readonly name: string; readonly standsFor: ImageName };
}

const expected: Record<string, Example> = {
  containers: {
    image: { name: 'redis:7', standsFor: 'redis' },
    prints: [
      /redis │ .*Ready to accept connections/,
      /fill +│ 5/,
      /count │ apples: 5/,
      /redis │ .*bye bye/,
    ],
  },
  environment: {
    args: ['-e', 'STAGE=production', '-s', 'API_TOKEN'],
    prints: [
      /plain +│ hello from production/,
      /composed +│ https:\/\/production\.example\.com\//,
      /secret +│ the token is '\*{8}'/,
    ],
  },
  nginx: {
    needs: ['nginx'],
    prints: [/fetch │ 200 hello from nginx/, /nginx │ .*gracefully shutting down/],
    exercises: 'nginx',
  },
  parallel: { prints: [/integration +│ 200/, /package +│ scratch is gone/] },
  postgres: {
    needs: ['postgres', 'initdb', 'psql', 'pg_isready'],
    prints: [
      /query +│ 5 pieces/,
      /postgres │ .*received fast shutdown request/,
      /postgres │ .*database system is shut down/,
    ],
    exercises: 'postgres',
  },
  quickstart: {
    prints: [
      /api +✓ ready/,
      /worker +✓ ready/,
      /versions +│ The api is at localhost, port 17810\./,
      /smoke-test +│ the api is well/,
      /work +│ 2 pears are packed/,
      /worker +│ going home/,
      /api +│ closing after 2 jobs/,
    ],
  },
  redis: {
    needs: ['redis-server', 'redis-cli'],
    prints: [
      /redis │ .*Ready to accept connections/,
      /count │ 5/,
      /redis │ .*Received SIGTERM scheduling shutdown/,
      /redis │ .*bye bye/,
    ],
    exercises: 'redis',
  },
  restart: {
    prints: [
      /crash +│ it is gone/,
      /server +✓ ready/,
      /carry-on +│ 200/,
      /succeeded after .* although service 'server' was restarted/,
    ],
  },
};

describe('the examples', () => {
  it('are all in this test', () => {
    const files = readdirSync(examples).filter((name) => name.endsWith('.yaml'));
    assert.deepEqual(
      files.sort(),
      Object.keys(expected).map((name) => `${name}.yaml`),
    );
  });

  for (const [name, { needs = [], args = [], image, prints, exercises }] of Object.entries(
    expected,
  )) {
    it(name, async (t) => {
      const missing = needs.filter((program) => !isInstalled(program));
      if (missing.length > 0) {
        t.skip(`not installed: ${missing.join(', ')}`);
        return;
      }
      if (image && noDocker !== undefined && process.env['CI'] === undefined) {
        t.skip(`no engine: ${noDocker}`);
        return;
      }

      await using _named = image && (await callImage(image.name, image.standsFor));
      await using place = new Place();
      const told = await place.continuo(
        ['exec', '--workspace', root, ...args, join(examples, `${name}.yaml`)],
        { API_TOKEN: 'abc123' },
      );

      assert.equal(told.code, 0, told.stdout + told.stderr);
      // On an engine, it may sweep what another test has left there on purpose.
      if (!image) assert.equal(told.stderr, '');
      assertInOrder(told.stdout, prints);
      assert.ok(!told.stdout.includes('abc123'), 'a secret is printed');
      assertInvariants(await place.events());
      for (const [folder] of told.stdout.matchAll(/\/tmp\/continuo-postgres\.\w+/g))
        assert.ok(!existsSync(folder), `${folder} is left`);
      if (exercises) exercised(exercises);
    });
  }
});

function assertInOrder(text: string, patterns: readonly RegExp[]): void {
  let rest = text;
  for (const pattern of patterns) {
    const found = pattern.exec(rest);
    assert.ok(found, `${pattern} is not printed, or not in its place:\n${text}`);
    rest = rest.slice(found.index + found[0].length);
  }
}
