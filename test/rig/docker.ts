import assert from 'node:assert/strict';
import { before, describe } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import Docker from 'dockerode';

import { imageNames, imageOf } from '../images/images.ts';
import { labelled, withoutMiscounted } from './docker-labelled.ts';
import { exercised } from './exercised.ts';

import type { TestOptions } from 'node:test';
import type { ImageName } from '../images/images.ts';

/** The engine of the tests: the one at DOCKER_HOST, else the one at the default socket. */
export const docker = new Docker();

/** Where a proxy that stands before it finds it. */
export const engineAddress = {
  socketPath:
    /^unix:\/\/(.+)/.exec(process.env['DOCKER_HOST'] ?? '')?.[1] ?? '/var/run/docker.sock',
};

/** Why there is no engine that tests could use. `undefined`: there is one. */
export const missing = await missingOf(docker);
const notExercised = `docker was not exercised: ${missing}`;

/**
 * A suite with a real engine that has the images of the tests. Where there is none it is skipped,
 * and fails in CI.
 */
export function dockerSuite(
  name: string,
  body: () => void,
  options: Pick<TestOptions, 'concurrency' | 'timeout'> = {},
): void {
  const skip = missing !== undefined && process.env['CI'] === undefined ? notExercised : false;
  void describe(name, { ...options, skip }, () => {
    before(() => {
      assert.equal(missing, undefined, notExercised);
      exercised('docker');
    });
    body();
  });
}

/**
 * Lets an image of the tests go by the name of another one, which people have, until it is disposed
 * of. The real one is left alone where the engine has it.
 */
export async function callImage(name: string, standIn: ImageName): Promise<AsyncDisposable> {
  const isThere = await docker
    .getImage(name)
    .inspect()
    .then(() => true)
    .catch(() => false);
  const [repo = '', tag = ''] = name.split(':');
  if (!isThere) await docker.getImage(imageOf(standIn)).tag({ repo, tag });
  return {
    async [Symbol.asyncDispose]() {
      if (!isThere) await docker.getImage(name).remove();
    },
  };
}

/** Settles once nothing on the engine carries this label; throws when some still does after 10 s. */
export async function nothingLabelled(label: string): Promise<void> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    let left = await labelled(docker, label);
    const isLate = performance.now() > deadline;
    if (isLate) left = await withoutMiscounted(docker, left);
    if (left.length === 0) return;
    const names = left.map(({ kind, name }) => `${kind} ${name}`);
    assert.ok(!isLate, `left on the engine: ${names.join(', ')}`);
    await delay(50);
  }
}

async function missingOf(engine: Docker): Promise<string | undefined> {
  try {
    const names = (await engine.listImages()).flatMap(({ RepoTags }) => RepoTags ?? []);
    const lacking = imageNames.map(imageOf).filter((name) => !names.includes(`${name}:latest`));
    return lacking.length > 0 ? `no image ${lacking.join(', ')}: npm run engine` : undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
