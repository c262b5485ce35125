import { chmodSync } from 'node:fs';
import { describe, it } from 'node:test';

import { imageOf } from '../../images/images.ts';
import { Place } from '../../rig/cli.ts';
import { dockerSuite, nothingLabelled } from '../../rig/docker.ts';
import { realTests } from '../../rig/real.ts';

import type { Exit } from '../../../src/executor/executor.ts';
import type { ImageName } from '../../images/images.ts';
import type { Running, Told } from '../../rig/cli.ts';
import type { exercisable } from '../../rig/exercised.ts';

/** Where all services and steps of a pipeline run, and what differs there. */
export interface Where {
  readonly kind: 'host' | 'docker';
  /** What a server listens on to be reached by the other steps. */
  readonly listens: string;
  /** The exit of a server that somebody there killed. */
  readonly killed: Exit;
  /** The name by which a step finds a service that has not told its ports. */
  hostOf(service: string): string;
  /** Runs the pipeline to its end. Proves that nothing of it is left there. */
  exec(place: Place, yaml: string): Promise<Told>;
  /** Starts the pipeline and lets it go on. */
  start(place: Place, yaml: string): Running;
  /** Settles once nothing of the latest run is left there. */
  empty(place: Place): Promise<void>;
}

const onHost: Where = {
  kind: 'host',
  listens: 'localhost',
  killed: { kind: 'signal', signal: 'KILL' },
  hostOf: () => 'localhost',
  exec: (place, yaml) => place.exec(yaml),
  start: (place, yaml) => place.start(['exec', place.file('pipeline.yaml', yaml)]),
  empty: (place) => place.empty(),
};

/** Every step gets the image, in which the workspace and Node are found where they are here. */
function inContainersOf(image: ImageName): Where {
  const args = ['--executor', 'docker'];
  const host = process.env['DOCKER_HOST'];
  const env: Record<string, string> = host === undefined ? {} : { DOCKER_HOST: host };
  const inside = (yaml: string, { dir }: Place): string =>
    yaml.replaceAll(
      /^( +)name: .*$/gm,
      `$&
$1image: ${imageOf(image)}
$1workspace-mount-point: ${dir}
$1volumes: ["${process.execPath}:/usr/bin/node:ro"]`,
    );
  const empty = async (place: Place): Promise<void> => {
    const [first] = await place.events();
    if (first?.type === 'run.started') await nothingLabelled(`continuo.run=${first.run}`);
    await place.empty();
  };
  return {
    kind: 'docker',
    listens: '*',
    // All that the init of the container can tell.
    killed: { kind: 'code', code: 137 },
    hostOf: (service) => service,
    async exec(place, yaml) {
      const told = await place.exec(inside(yaml, place), args, env);
      await empty(place);
      return told;
    },
    start: (place, yaml) =>
      place.start(['exec', ...args, place.file('pipeline.yaml', inside(yaml, place))], env),
    empty,
  };
}

/** A test's body; the programs it asked for are given to it as a step calls them. */
type Body<Name extends string> = (programs: Readonly<Record<Name, string>>) => Promise<void>;

/** Registers a test; with a word why it makes no sense in a container, for this machine only. */
type Register<Name extends string> = (does: string, body: Body<Name>, hostOnly?: string) => void;

/** The same suite with the real thing twice: on this machine, and in containers of its image. */
export function realSuites<P extends string>(
  name: ImageName & (typeof exercisable)[number],
  programs: readonly P[],
  suite: (where: Where, test: Register<P>) => void,
): void {
  void describe(`a real ${name} on this machine`, () => suite(onHost, realTests(name, programs)));
  dockerSuite(`a real ${name} in a container`, () => {
    const named = Object.fromEntries(programs.map((program) => [program, program]));
    suite(inContainersOf(name), (does, body, hostOnly) => {
      const skip = hostOnly === undefined ? false : `in no container: ${hostOnly}`;
      void it(does, { timeout: 60_000, skip }, () => body(named as unknown as Record<P, string>));
    });
  });
}

/** A place whose folder every user may write: images have users of their own. */
export function openPlace(): Place {
  const place = new Place();
  chmodSync(place.dir, 0o777);
  return place;
}
