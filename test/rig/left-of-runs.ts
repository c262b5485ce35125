import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';

import { runIds } from '../../src/journal/runs.ts';
import { labelled } from './docker-labelled.ts';

import type Docker from 'dockerode';
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
    const runs = await runIds(this.#place.stateDir);
    const found = await Promise.all(runs.map((run) => this.#ofRun(`continuo.run=${run}`)));
    return found.flat().concat(await this.#volumesLeft());
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
      assert.ok(tookMs < 30_000, `left on the engine: ${left.join(', ')}`);
      await delay(100);
    }
  }

  async #ofRun(label: string): Promise<string[]> {
    const filters = { label: [label] };
    for (const { Mounts } of await this.#docker.listContainers({ all: true, filters }))
      for (const { Type, Name } of Mounts)
        if (Type === 'volume' && Name !== undefined) this.#volumes.add(Name);
    return (await labelled(this.#docker, label)).map(({ kind, name }) => `${kind} ${name}`);
  }

  async #volumesLeft(): Promise<string[]> {
    if (this.#volumes.size === 0) return [];
    const { Volumes } = await this.#docker.listVolumes({ filters: { name: [...this.#volumes] } });
    // Null when there are none.
    return ((Volumes as typeof Volumes | null) ?? []).map(({ Name }) => `volume ${Name}`);
  }
}
