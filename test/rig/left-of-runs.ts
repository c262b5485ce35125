import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';

import { runIds } from '../../src/journal/runs.ts';
import { labelled, withoutMiscounted } from './docker-labelled.ts';

import type Docker from 'dockerode';
import type { Labelled } from './docker-labelled.ts';
import type { Place } from './cli.ts';

/** What the runs of a place have on an engine now, in words; also the volumes without a name. */
export class LeftOfRuns {
  readonly #docker: Docker;
  readonly #place: Place;
  /** Nothing but the containers that they were made for tells whose they are. */
  readonly #volumes = new Set<string>();

  constructor(docker: Docker, place: Place) {
    this.#docker = docker;
    this.#place = place;
  }

  async now(): Promise<string[]> {
    return this.#words(await this.#made());
  }

  /** Throws when there is anything. For runs that have ended in order. */
  async assertNone(): Promise<void> {
    const left = await withoutMiscounted(this.#docker, await this.#made());
    assert.deepEqual(await this.#words(left), [], 'left on the engine');
  }

  /**
   * Settles once there is nothing, and answers how long that took. Throws when there still is
   * something after three times the 10 s that a quiet machine is to have.
   */
  async none(): Promise<number> {
    const since = performance.now();
    for (;;) {
      const left = await this.now();
      const tookMs = performance.now() - since;
      if (left.length === 0) return tookMs;
      if (tookMs > 30_000) {
        await this.assertNone();
        return tookMs;
      }
      await delay(100);
    }
  }

  async #made(): Promise<readonly Labelled[]> {
    const runs = await runIds(this.#place.stateDir);
    return (await Promise.all(runs.map((run) => this.#ofRun(`continuo.run=${run}`)))).flat();
  }

  async #words(made: readonly Labelled[]): Promise<string[]> {
    const words = made.map(({ kind, name }) => `${kind} ${name}`);
    // Those that are shared have a label and are in containers, too.
    return [...new Set([...words, ...(await this.#volumesLeft())])];
  }

  async #ofRun(label: string): Promise<readonly Labelled[]> {
    const filters = { label: [label] };
    for (const { Mounts } of await this.#docker.listContainers({ all: true, filters }))
      for (const { Type, Name } of Mounts)
        if (Type === 'volume' && Name !== undefined) this.#volumes.add(Name);
    return labelled(this.#docker, label);
  }

  async #volumesLeft(): Promise<string[]> {
    if (this.#volumes.size === 0) return [];
    const { Volumes } = await this.#docker.listVolumes({ filters: { name: [...this.#volumes] } });
    // Null when there are none.
    return ((Volumes as typeof Volumes | null) ?? []).map(({ Name }) => `volume ${Name}`);
  }
}
