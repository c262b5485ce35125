import { labelNames } from './labels.ts';

import type Docker from 'dockerode';
import type { Labels } from './labels.ts';

/** One thing that we made on an engine. */
export interface Made {
  readonly kind: 'container' | 'network' | 'volume';
  readonly id: string;
  readonly name: string;
  readonly labels: Labels;
}

/** Everything on the engine with this label, as `name` or `name=value`. */
export const listMade = async (docker: Docker, label: string): Promise<Made[]> =>
  (await Promise.all([listContainers(docker, label), listRooms(docker, label)])).flat();

/** The containers among it. */
export async function listContainers(docker: Docker, label: string): Promise<Made[]> {
  const filters = { label: [label] };
  const containers = await docker.listContainers({ all: true, filters, abortSignal: late() });
  return containers.map(({ Id, Names, Labels }) => ({
    kind: 'container' as const,
    id: Id,
    // Podman has no slash before it.
    name: (Names[0] ?? Id).replace(/^\//, ''),
    labels: Labels,
  }));
}

/** The networks and volumes among it. */
export async function listRooms(docker: Docker, label: string): Promise<Made[]> {
  const filters = { label: [label] };
  const [networks, volumes] = await Promise.all([
    docker.listNetworks({ filters, abortSignal: late() }),
    docker.listVolumes({ filters, abortSignal: late() }),
  ]);
  return [
    ...networks.map(({ Id, Name, Labels }) => made('network', Id, Name, Labels)),
    // Null when there are none.
    ...((volumes.Volumes as typeof volumes.Volumes | null) ?? []).map(({ Name, Labels }) =>
      made('volume', Name, Name, Labels),
    ),
  ];
}

const made = (kind: Made['kind'], id: string, name: string, labels?: Labels): Made => ({
  kind,
  id,
  name,
  labels: labels ?? {},
});

/** An engine may hang, too. */
const late = (): AbortSignal => AbortSignal.timeout(20_000);

/** What a person calls it: a container by its task. */
export const nameOf = ({ name, labels }: Made): string => labels[labelNames.task] ?? name;
