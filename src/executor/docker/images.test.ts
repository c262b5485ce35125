import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';

import { imageOf } from '../../../test/images/images.ts';
import { Registry } from '../../../test/rig/docker-registry.ts';
import { docker, dockerSuite } from '../../../test/rig/docker.ts';
import { FaultProxy } from '../../../test/rig/fault-proxy.ts';
import { HandClock } from '../../../test/rig/hand-clock.ts';
import { freePort } from '../../../test/rig/ports.ts';
import { clientFor } from './connect.ts';
import { findEndpoint } from './endpoint.ts';
import { Images } from './images.ts';

import type { ImageName } from '../../../test/images/images.ts';
import type { ImageProgress, PullPolicy, RegistryAccess } from '../executor.ts';
import type { ImageFacts } from './image-facts.ts';
import type { PullOptions } from './patient-pull.ts';

const credentials = { username: 'fruit', password: 'pear-and-plum' };
const quick: RegistryAccess = { retry: { attempts: 3, backoffMs: 10 } };

/** The images of one run, and what it was told of them. */
class Asking {
  readonly told: ImageProgress[] = [];
  readonly warnings: string[] = [];
  readonly #images: Images;

  constructor(options: Partial<PullOptions> = {}, engine = docker) {
    this.#images = new Images(engine, {
      told: (progress) => this.told.push(progress),
      warn: (text) => this.warnings.push(text),
      environment: { DOCKER_CONFIG: '/nowhere' },
      ...options,
    });
  }

  ask(
    image: string,
    pull: PullPolicy,
    access: RegistryAccess = quick,
    signal = new AbortController().signal,
  ): ReturnType<Images['have']> {
    return this.#images.have(image, pull, access, signal);
  }

  async have(image: string, pull: PullPolicy, access = quick): Promise<ImageFacts> {
    const had = await this.ask(image, pull, access);
    assert.ok(had.ok, JSON.stringify(had));
    return had.value;
  }

  async miss(image: string, pull: PullPolicy, access = quick, early = false): Promise<string> {
    const { signal } = new AbortController();
    const had = await (early
      ? this.#images.expect(image, pull, access, signal)
      : this.ask(image, pull, access));
    assert.ok(!had.ok, 'it was had');
    assert.equal(had.failure.kind, 'imageUnavailable');
    const { detail } = had.failure;
    assert.deepEqual(this.told.at(-1), { kind: 'missing', image, detail });
    assert.doesNotMatch(JSON.stringify([had, this.told, this.warnings]), /pear-and-plum/);
    return detail;
  }
}

const there = (image: string, pulled: boolean): ImageProgress => ({ kind: 'there', image, pulled });

dockerSuite('the images of a run', () => {
  it('tells what an image brings along', async () => {
    const asking = new Asking();
    const facts = (name: ImageName): Promise<ImageFacts> => asking.have(imageOf(name), 'by-tag');
    assert.match((await facts('busybox')).environment['PATH'] ?? '', /\/bin/);
    assert.equal((await facts('user')).user, 'app');
    assert.equal((await facts('user')).workingDir, '/home/app');
    assert.equal((await facts('volume')).hasVolumes, true);
    assert.equal((await facts('health-shell')).healthcheck?.[0], '/bin/sh');
    assert.ok((await facts('health-cmd')).healthcheck);
    assert.equal((await facts('health-none')).healthcheck, undefined);
    assert.deepEqual(asking.warnings, []);
  });

  it('asks no registry for images that are all there', async () => {
    await using registry = await Registry.start(docker);
    const { image, byDigest } = await registry.push('fruit', '1');
    await new Asking().have(image, 'by-tag');
    await new Asking().have(byDigest, 'by-tag');
    const repo = `${registry.address}/made-here`;
    await docker.getImage(imageOf('busybox')).tag({ repo, tag: 'latest' });
    registry.proxy.requests.length = 0;
    const asking = new Asking();
    for (const pull of ['missing', 'never', 'by-tag'] as const)
      for (const name of [image, byDigest, `${repo}:latest`, repo]) await asking.have(name, pull);
    assert.deepEqual(registry.proxy.requests, []);
    assert.ok(asking.told.every((told) => told.kind === 'there' && !told.pulled));
    assert.deepEqual(asking.warnings, []);
  });

  it('pulls what is missing once for all who ask, and tells how far it has come', async () => {
    await using registry = await Registry.start(docker);
    const { image } = await registry.push('fruit', '1', 'busybox', 3_000_000);
    registry.proxy.requests.length = 0;
    const asking = new Asking();
    const [facts, again] = await Promise.all([
      asking.have(image, 'missing'),
      asking.have(image, 'missing'),
    ]);
    assert.equal(again, facts);
    assert.equal(await asking.have(image, 'missing'), facts);
    assert.equal(facts.id, (await docker.getImage(image).inspect()).Id);
    const manifests = registry.proxy.requests.filter((line) => /^HEAD .*manifests/.test(line));
    assert.equal(manifests.length, 1);
    assert.deepEqual(asking.told.at(-1), there(image, true));
    const last = asking.told.at(-2);
    assert.ok(last?.kind === 'pulling');
    assert.ok(last.totalLayers >= 2);
    assert.equal(last.doneLayers, last.totalLayers);
    assert.ok(last.doneBytes >= 3_000_000);
    assert.equal(last.doneBytes, last.totalBytes);
  });

  it('pulls by digest', async () => {
    await using registry = await Registry.start(docker);
    const { image, byDigest } = await registry.push('fruit', '1');
    const both = `${image}@${byDigest.split('@')[1] ?? ''}`;
    const facts = await new Asking().have(both, 'missing');
    assert.equal((await docker.getImage(byDigest).inspect()).Id, facts.id);
    assert.equal((await new Asking().have(byDigest, 'never')).id, facts.id);
  });

  it('asks anew for what is there when the policy or the tag says so', async () => {
    await using registry = await Registry.start(docker);
    const { image } = await registry.push('fruit', 'latest');
    const old = await new Asking().have(image, 'by-tag');
    for (const pull of ['always', 'by-tag'] as const) {
      const same = new Asking();
      assert.deepEqual(await same.have(image, pull), old);
      assert.deepEqual(same.told, [there(image, false)]);
    }
    // The push takes the tag from the engine, so it is given back.
    await registry.push('fruit', 'latest');
    await docker.getImage(old.id).tag({ repo: `${registry.address}/fruit`, tag: 'latest' });
    const fresh = new Asking();
    assert.notEqual((await fresh.have(image, 'by-tag')).id, old.id);
    assert.deepEqual(fresh.told.at(-1), there(image, true));
  });

  it('does without an image that is missing and must not be pulled', async () => {
    await using registry = await Registry.start(docker);
    const { image } = await registry.push('fruit', '1');
    registry.proxy.requests.length = 0;
    assert.match(await new Asking().miss(image, 'never'), /forbids to pull it/);
    assert.match(await new Asking().miss('Fruit', 'always'), /lower case: 'fruit'/);
    assert.deepEqual(registry.proxy.requests, []);
  });

  it('takes what is there when the registry of its `latest` cannot be reached, and says so', async () => {
    await using registry = await Registry.start(docker);
    await registry.push('fruit', 'latest');
    const port = await freePort();
    const front = await FaultProxy.start(
      { port },
      { port: Number(registry.address.split(':')[1]) },
    );
    const image = `127.0.0.1:${port}/fruit`;
    after(() => docker.getImage(image).remove());
    const facts = await new Asking().have(image, 'by-tag');
    front.rule({ when: /manifests/, fault: { kind: 'delay', ms: 600_000 } });
    const clock = new HandClock();
    const patient = new Asking({ clock });
    const had = patient.have(image, 'by-tag');
    while (clock.nextAt === undefined) await new Promise(setImmediate);
    await clock.pass(5_000);
    assert.deepEqual(await had, facts);
    assert.match(patient.warnings.join(), /may be old: the registry .* nothing was heard for 5s$/);
    await front[Symbol.asyncDispose]();

    const asking = new Asking();
    assert.deepEqual(await asking.have(image, 'by-tag'), facts);
    assert.deepEqual(asking.told, [there(image, false)]);
    assert.match(
      asking.warnings.join(),
      /may be old: the registry .* cannot be reached: .* refused$/,
    );
    assert.match(await new Asking().miss(image, 'always'), /cannot be reached.*\(tried 3 times\)$/);
  });

  it('tries again what a registry broke off, and tells so each time', async () => {
    await using registry = await Registry.start(docker);
    const { image } = await registry.push('fruit', '1');
    const rule = { when: /manifests/, times: 2, fault: { kind: 'answer', status: 503 } } as const;
    registry.proxy.rule(rule);
    registry.proxy.rule({ ...rule, times: 1, fault: { kind: 'refuse' } });
    const asking = new Asking();
    await asking.have(image, 'missing');
    const retrying = asking.told.filter(({ kind }) => kind === 'retrying');
    assert.equal(retrying.length, 2, JSON.stringify(retrying));
    assert.match(JSON.stringify(retrying[0]), /503 Service Unavailable/);
    assert.match(JSON.stringify(retrying[1]), /EOF/);
  });

  it('rests between tries longer and longer, and gives up after the third', async () => {
    await using registry = await Registry.start(docker);
    registry.proxy.rule({ fault: { kind: 'answer', status: 500 } });
    const clock = new HandClock();
    const asking = new Asking({ clock });
    const missed = asking.miss(`${registry.address}/fruit:1`, 'missing', {});
    const retries = (): (ImageProgress & { kind: 'retrying' })[] =>
      asking.told.filter((told) => told.kind === 'retrying');
    for (const nth of [1, 2]) {
      while (retries().length < nth) await new Promise(setImmediate);
      await clock.pass(retries()[nth - 1]?.delayMs ?? 0);
    }
    assert.match(await missed, /500 Internal Server Error \(tried 3 times\)$/);
    const [first = 0, second = 0] = retries().map(({ delayMs }) => delayMs);
    assert.ok(first >= 1_000 && first <= 1_250, `${first}`);
    assert.ok(second >= 2_000 && second <= 2_500, `${second}`);
  });

  it('has what was made on this engine after it could not be had', async () => {
    await using registry = await Registry.start(docker);
    const repo = `${registry.address}/made`;
    for (const pull of ['missing', 'never', 'by-tag'] as const) {
      const asking = new Asking();
      const image = `${repo}:${pull}`;
      await asking.miss(image, pull);
      registry.proxy.requests.length = 0;
      await asking.miss(image, pull, quick, true);
      assert.deepEqual(registry.proxy.requests, []);
      await docker.getImage(imageOf('user')).tag({ repo, tag: pull });
      assert.equal((await asking.have(image, pull)).user, 'app');
      assert.equal((await asking.have(image, pull)).user, 'app');
      assert.deepEqual(
        asking.told.map(({ kind }) => kind),
        ['missing', 'there'],
      );
    }
  });

  it('has what was made on this engine while it could not be pulled', async () => {
    await using registry = await Registry.start(docker);
    registry.proxy.rule({ fault: { kind: 'delay', ms: 600_000 } });
    const repo = `${registry.address}/made`;
    const asking = new Asking();
    const had = asking.have(`${repo}:1`, 'missing', { retry: { attempts: 1, backoffMs: 0 } });
    while (registry.proxy.requests.length === 0) await new Promise(setImmediate);
    await docker.getImage(imageOf('user')).tag({ repo, tag: '1' });
    registry.proxy.breakConnections();
    assert.equal((await had).user, 'app');
    assert.deepEqual(asking.told, [there(`${repo}:1`, false)]);
  });

  it('pulls again what could not be pulled before', async () => {
    await using registry = await Registry.start(docker);
    const { image } = await registry.push('fruit', '1');
    registry.proxy.rule({ fault: { kind: 'answer', status: 500 } });
    const asking = new Asking();
    for (let nth = 1; nth <= 2; nth++)
      assert.match(await asking.miss(image, 'missing'), /500 Internal Server Error/);
    registry.proxy.heal();
    await asking.have(image, 'missing');
    assert.deepEqual(asking.told.at(-1), there(image, true));
  });

  it('has what an image is by now, and pulls again what is gone, though its registry was asked', async () => {
    await using registry = await Registry.start(docker);
    const { image } = await registry.push('fruit', '1');
    const asking = new Asking();
    const old = await asking.have(image, 'always');
    registry.proxy.requests.length = 0;
    const [repo, tag] = [`${registry.address}/fruit`, '1'];
    await docker.getImage(imageOf('user')).tag({ repo, tag });
    assert.equal((await asking.have(image, 'always')).user, 'app');
    assert.deepEqual(registry.proxy.requests, []);
    await docker.getImage(image).remove();
    assert.deepEqual(await asking.have(image, 'always'), old);
  });

  it('says whether it was the name, the tag or the digest, and does not try again', async () => {
    await using registry = await Registry.start(docker);
    await registry.push('fruit', '1');
    const at = `the registry ${registry.address}`;
    const digest = `sha256:${randomBytes(32).toString('hex')}`;
    for (const [name, why] of [
      ['bread:1', `${at} has no image 'bread'`],
      ['fruit:2', `${at} has image 'fruit', but no tag '2'`],
      ['fruit', `${at} has image 'fruit', but no tag 'latest'`],
      [`fruit@${digest}`, `${at} has image 'fruit', but no digest ${digest}`],
    ] as const) {
      const asking = new Asking();
      assert.equal(await asking.miss(`${registry.address}/${name}`, 'missing'), why);
      assert.equal(asking.told.length, 1);
    }
  });

  it('shows the credentials it was given, and says what is wrong with them', async () => {
    await using registry = await Registry.start(docker, credentials);
    const { image } = await registry.push('fruit', '1');
    const at = `the registry ${registry.address}`;
    const wrong = { ...quick, credentials: { ...credentials, password: 'pear-and-plum-jam' } };
    const asking = new Asking();
    assert.equal(
      await asking.miss(image, 'missing'),
      `${at} wants credentials, and none were given`,
    );
    assert.equal(
      await asking.miss(image, 'missing', wrong),
      `${at} did not accept the credentials of user 'fruit'`,
    );
    const right = { ...quick, credentials };
    assert.equal(
      await asking.miss(`${registry.address}/fruit:2`, 'missing', right),
      `${at} has image 'fruit', but no tag '2'`,
    );
    assert.equal(
      await asking.miss(`${registry.address}/bread`, 'missing', right),
      `${at} has no image 'bread'`,
    );
    await asking.have(image, 'missing', right);
  });

  it('uses the login that Docker keeps when it was given none', async () => {
    await using registry = await Registry.start(docker, credentials);
    const { image } = await registry.push('fruit', '1');
    const folder = mkdtempSync(join(tmpdir(), 'continuo-docker-config-'));
    after(() => rmSync(folder, { recursive: true }));
    const auth = Buffer.from('fruit:pear-and-plum').toString('base64');
    const config = { auths: { [registry.address]: { auth } } };
    writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
    const asking = new Asking({ environment: { DOCKER_CONFIG: folder } });
    await asking.have(image, 'missing');
    assert.doesNotMatch(JSON.stringify(asking.told), /pear-and-plum/);
  });

  it('ends a pull when the last who waits for it leaves', async () => {
    await using registry = await Registry.start(docker);
    const { image } = await registry.push('fruit', '1', 'busybox', 1_000_000);
    registry.proxy.rule({ when: /blobs/, fault: { kind: 'delay', ms: 600_000 } });
    const asking = new Asking();
    const leaving = new AbortController();
    const had = asking.ask(image, 'missing', quick, leaving.signal);
    while (asking.told.length === 0) await new Promise(setImmediate);
    leaving.abort();
    assert.deepEqual(await had, { ok: false, failure: { kind: 'abandoned' } });
    await assert.rejects(docker.getImage(image).inspect(), { statusCode: 404 });
    registry.proxy.heal();
    registry.proxy.breakConnections();
    await asking.have(image, 'missing');
  });

  it('is not confused by an engine that goes away, has no disk, or tells of a failure late', async () => {
    await using registry = await Registry.start(docker);
    const { image } = await registry.push('fruit', '1');
    const socketPath = join(tmpdir(), `continuo-engine-${randomBytes(4).toString('hex')}.sock`);
    const own = findEndpoint(process.env);
    assert.ok(own.ok && own.value.kind === 'socket');
    const to = { socketPath: own.value.path };
    await using engine = await FaultProxy.start({ socketPath }, to);
    const client = clientFor({ kind: 'socket', path: socketPath });
    const rule = { when: /images\/create/, times: 1 } as const;

    engine.rule({
      ...rule,
      fault: { kind: 'answer', status: 500, body: '{"message":"x: no space left on device"}' },
    });
    const full = await new Asking({}, client).ask(image, 'missing');
    assert.deepEqual(full, {
      ok: false,
      failure: {
        kind: 'environment',
        detail: 'the engine has no disk for it: x: no space left on device',
      },
    });

    const late = '{"status":"Pulling fs layer","id":"a"}\n{"error":"no matching manifest for x"}\n';
    engine.rule({ ...rule, fault: { kind: 'answer', status: 200, body: late } });
    assert.equal(await new Asking({}, client).miss(image, 'missing'), 'no matching manifest for x');

    engine.rule({ ...rule, fault: { kind: 'cut', afterBytes: 10 } });
    engine.rule({ ...rule, fault: { kind: 'refuse' } });
    engine.rule({ when: /json$/, times: 1, fault: { kind: 'refuse' } });
    const asking = new Asking({}, client);
    await asking.have(image, 'missing');
    const retrying = asking.told.filter(({ kind }) => kind === 'retrying');
    assert.equal(retrying.length, 2);
    assert.match(JSON.stringify(retrying), /the engine went away while it pulled/);
  });
});
