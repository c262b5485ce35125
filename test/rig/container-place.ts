import { docker, nothingLabelled } from './docker.ts';
import { Place } from './cli.ts';
import { statusOf } from '../../src/executor/docker/asking.ts';
import { cleanUp } from '../../src/executor/docker/cleanup.ts';
import { runIds } from '../../src/journal/runs.ts';

import type { ContainerInspectInfo } from 'dockerode';
import type { Recorded, RunEvent } from '../../src/event/event.ts';

/** A place for runs with containers. Disposing it also proves that none of them left any. */
export class ContainerPlace extends Place {
  /** The container of a step or service of the latest run, while there is one. */
  async container(task: string): Promise<ContainerInspectInfo | undefined> {
    const [run] = await runIds(this.stateDir);
    const label = [`continuo.run=${run ?? ''}`, `continuo.task=${task}`];
    const [found] = await docker.listContainers({ all: true, filters: { label } });
    if (!found) return undefined;
    try {
      return await docker.getContainer(found.Id).inspect();
    } catch (error) {
      // The engine lists what it is just making before it can be asked about it.
      if (statusOf(error) === 404) return undefined;
      throw error;
    }
  }

  /** How the latest run, its steps and its services ended, in a word or two each. */
  async ends(): Promise<Record<string, string>> {
    const ends: Record<string, string> = {};
    for (const event of await this.events()) {
      if (event.type === 'step.ended') ends[event.step] = event.outcome;
      if (event.type === 'service.ended') ends[event.service] = event.end.kind;
    }
    return ends;
  }

  /** The last event of a type that is about this step or service. */
  async last<T extends RunEvent['type']>(
    type: T,
    about: string,
  ): Promise<Recorded<Extract<RunEvent, { type: T }>> | undefined> {
    return (await this.events()).findLast(
      (event): event is Recorded<Extract<RunEvent, { type: T }>> =>
        event.type === type &&
        (('step' in event && event.step === about) ||
          ('service' in event && event.service === about)),
    );
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    const runs = await runIds(this.stateDir);
    try {
      await super[Symbol.asyncDispose]();
      await Promise.all(runs.map((run) => nothingLabelled(`continuo.run=${run}`)));
    } catch (error) {
      for (const run of runs) await cleanUp(docker, `continuo.run=${run}`, { graceMs: 0 });
      throw error;
    }
  }
}
