import assert from 'node:assert/strict';
import { it } from 'node:test';

import { docker, dockerSuite } from './docker.ts';
import { followed } from './docker-progress.ts';
import { Registry } from './docker-registry.ts';

const credentials = { username: 'fruit', password: 'pear' };

dockerSuite('a private registry of the tests', () => {
  it('lets nobody in without its credentials', async () => {
    await using registry = await Registry.start(docker, credentials);
    const { image, byDigest } = await registry.push('fruit', '1');
    await assert.rejects(docker.pull(image), /no basic auth credentials|unauthorized/);
    await followed(docker, await docker.pull(image, { authconfig: credentials }));
    assert.deepEqual((await docker.getImage(image).inspect()).RepoDigests, [byDigest]);
  });

  it('answers as badly as it is told to, so many times, and counts what it is asked', async () => {
    await using registry = await Registry.start(docker);
    const { image } = await registry.push('fruit', '1');
    // The engine asks by GET what HEAD did not tell.
    const when = /\/manifests\/1/;
    registry.proxy.rule({ when, times: 2, fault: { kind: 'answer', status: 503 } });
    await assert.rejects(
      async () => followed(docker, await docker.pull(image)),
      /503|unavailable/i,
    );
    await followed(docker, await docker.pull(image));
    assert.ok(registry.proxy.requests.filter((line) => when.test(line)).length > 2);
  });

  it('leaves none of its images on the engine', async () => {
    const registry = await Registry.start(docker);
    const { image, byDigest } = await registry.push('fruit', '1');
    await followed(docker, await docker.pull(image));
    await followed(docker, await docker.pull(byDigest));
    await registry[Symbol.asyncDispose]();
    for (const name of [image, byDigest])
      await assert.rejects(docker.getImage(name).inspect(), { statusCode: 404 });
  });
});
