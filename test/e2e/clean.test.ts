import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { labelOf, labelsFor } from '../../src/executor/docker/labels.ts';
import { cleanUp } from '../../src/executor/docker/cleanup.ts';
import { listMade } from '../../src/executor/docker/made.ts';
import { LeaseFile } from '../../src/executor/common/lease-file.ts';
import { thisProcess } from '../../src/executor/common/owner.ts';
import { imageOf } from '../images/images.ts';
import { eventually, Place, processesWith } from '../rig/cli.ts';
import { docker, dockerSuite } from '../rig/docker.ts';

import type { Owner } from '../../src/executor/common/owner.ts';

const noEngine = { DOCKER_HOST: 'unix:///none/docker.sock' };

describe('continuo clean, on this machine', () => {
  it('removes what a dead run left, whose watchdog is dead too', async () => {
    await using place = new Place();
    const yaml = `version: 2.1\npipeline:\n  - step: {name: a, commands: ["sleep 3011"]}\n`;
    const running = place.start(['exec', place.file('p.yaml', yaml)]);
    await eventually(
      () => place.leftovers().some((line) => line.endsWith('sleep 3011')),
      () => 'the step never ran',
    );
    const [watchdog] = processesWith('.lease').filter((line) => line.includes(place.stateDir));
    process.kill(Number.parseInt(watchdog!, 10), 'SIGKILL');
    running.child.kill('SIGKILL');
    await running.told;
    const dry = await place.continuo(['clean', '--dry-run'], noEngine);
    assert.match(dry.stdout, /^run \S+ has left: what it started or wrote on this machine\n$/);
    assert.notDeepEqual(place.leftovers(), []);
    const cleaned = await place.continuo(['clean'], noEngine);
    assert.match(cleaned.stdout, /^removed what run \S+ had left: /);
    assert.equal(cleaned.code, 0);
    assert.deepEqual(place.leftovers(), []);
  });

  it('says that there is nothing, and that it has seen no container', async () => {
    await using place = new Place();
    const { code, stdout, stderr } = await place.continuo(['clean'], noEngine);
    assert.deepEqual([code, stdout], [0, '']);
    assert.match(stderr, /Nothing was looked for in containers: no Docker engine answers at unix:/);
    assert.match(stderr, /No dead run has left anything\./);
  });

  it('fails when what a lease names cannot be reached', async () => {
    await using place = new Place();
    mkdirSync(place.stateDir);
    const owner = { ...thisProcess(), start: -1 };
    const where = 'unix:///none/other.sock';
    const lease = { runId: 'r1', owner, sandbox: 'x', where, environment: { DOCKER_HOST: where } };
    new LeaseFile(join(place.stateDir, 'leases', 'x.docker-lease'), lease);
    const dry = await place.continuo(['clean', '-n'], noEngine);
    assert.equal(dry.stdout, `run r1 has left: perhaps something at ${where}\n`);
    const { code, stderr } = await place.continuo(['clean'], noEngine);
    assert.equal(code, 1);
    assert.match(stderr, /what run r1 has left cannot be removed: connect ENOENT/);
  });
});

dockerSuite('continuo clean, on an engine', () => {
  const run = `clean-${process.pid}`;
  const dead = { ...thisProcess(), start: -1 };
  const sandboxes: string[] = [];
  let place: Place;

  /** All of it labelled as perhaps kept, so that nobody else takes it away. */
  const make = async (name: string, owner: Owner): Promise<void> => {
    const Name = `${run}-${name}`;
    sandboxes.push(Name);
    const named = labelsFor({ runId: Name, stage: 's', sandbox: Name, keep: true }, 'db');
    const Labels = { ...named, 'continuo.owner': JSON.stringify(owner) };
    await docker.createVolume({ Name, Labels });
    const network = await docker.createNetwork({ Name, Labels });
    const HostConfig = { NetworkMode: network.id };
    await docker.createContainer({ name: Name, Image: imageOf('busybox'), Labels, HostConfig });
  };
  const left = async (): Promise<string[]> => {
    const made = await listMade(docker, 'continuo.sandbox');
    const mine = made.filter(({ name }) => name.startsWith(run));
    return [...new Set(mine.map(({ name }) => name.slice(run.length + 1)))].sort();
  };

  before(async () => {
    place = new Place();
    await make('dead', dead);
    await make('kept', dead);
    await make('living', thisProcess());
    await make('elsewhere', { ...dead, boot: 'there', machine: 'another' });
    const where = 'unix:///var/run/docker.sock';
    const lease = { runId: `${run}-dead`, owner: dead, sandbox: `${run}-dead`, where };
    new LeaseFile(join(place.stateDir, 'leases', 'x.docker-lease'), lease);
  });

  after(async () => {
    for (const sandbox of sandboxes) await cleanUp(docker, labelOf(sandbox), { graceMs: 0 });
    await place[Symbol.asyncDispose]();
  });

  it('only tells what there is when asked to', async () => {
    const { code, stdout } = await place.continuo(['clean', '--dry-run', run]);
    assert.equal(code, 0);
    assert.deepEqual(stdout.trimEnd().split('\n').sort(), [
      `run ${run}-dead has left: 1 container (${run}-dead), 1 network (${run}-dead), 1 volume (${run}-dead)`,
      `run ${run}-elsewhere, which may still go on somewhere else, has 1 container (${run}-elsewhere), ` +
        `1 network (${run}-elsewhere), 1 volume (${run}-elsewhere); only --all removes that`,
      `run ${run}-kept has kept: 1 container (${run}-kept), 1 network (${run}-kept), 1 volume (${run}-kept)`,
    ]);
    assert.deepEqual(await left(), ['dead', 'elsewhere', 'kept', 'living']);
  });

  it('removes what is dead or kept, and tells programs what it was', async () => {
    const { stdout } = await place.continuo(['clean', '--format', 'json', run]);
    const told = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const removed = told.filter((each) => each['removed'] === true).map((each) => each['run']);
    assert.deepEqual(removed.sort(), [`${run}-dead`, `${run}-kept`]);
    assert.deepEqual(await left(), ['elsewhere', 'living']);
  });

  it('removes with --all what may live elsewhere, and never what lives here', async () => {
    const { stdout } = await place.continuo(['clean', '--all', run]);
    assert.match(stdout, new RegExp(`^removed what run ${run}-elsewhere had left: 1 container`));
    assert.deepEqual(await left(), ['living']);
  });
});
