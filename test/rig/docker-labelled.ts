import type Docker from 'dockerode';

/** Something on an engine. */
export interface Labelled {
  readonly kind: 'container' | 'network' | 'volume';
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly createdMs: number;
  remove(): Promise<unknown>;
}

/** Everything on the engine that carries this label, as `name` or `name=value`. */
export async function labelled(docker: Docker, label: string): Promise<readonly Labelled[]> {
  const filters = { label: [label] };
  const [containers, networks, { Volumes: volumes }] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]);
  return [
    ...containers.map(({ Id, Names, Labels, Created }) => ({
      kind: 'container' as const,
      id: Id,
      name: Names[0]?.slice(1) ?? Id,
      labels: Labels,
      createdMs: Created * 1000,
      remove: () => docker.getContainer(Id).remove({ force: true, v: true }),
    })),
    ...networks.map(({ Id, Name, Labels, Created }) => ({
      kind: 'network' as const,
      id: Id,
      name: Name,
      labels: Labels ?? {},
      createdMs: Date.parse(Created),
      remove: () => docker.getNetwork(Id).remove(),
    })),
    // Null when there are none.
    ...((volumes as typeof volumes | null) ?? []).map((volume) => ({
      kind: 'volume' as const,
      id: volume.Name,
      name: volume.Name,
      labels: volume.Labels,
      createdMs: Date.parse((volume as { CreatedAt?: string }).CreatedAt ?? ''),
      remove: () => docker.getVolume(volume.Name).remove(),
    })),
  ];
}

/**
 * Without the networks that the engine itself cannot let go of: it has miscounted who is in them,
 * although it names nobody (moby/moby issue 42119; `docker run` alone brings it about too). To find out,
 * each network is removed in which nobody is; one that can be removed has been left, and stays in the list.
 */
export async function withoutMiscounted(
  docker: Docker,
  left: readonly Labelled[],
): Promise<readonly Labelled[]> {
  const excused = await Promise.all(left.map((each) => isMiscounted(docker, each)));
  return left.filter((_, index) => !excused[index]);
}

async function isMiscounted(docker: Docker, left: Labelled): Promise<boolean> {
  if (left.kind !== 'network') return false;
  try {
    const { Containers } = (await docker.getNetwork(left.id).inspect()) as { Containers?: object };
    if (Object.keys(Containers ?? {}).length > 0) return false;
    await left.remove();
    return false;
  } catch (error) {
    if (!(error as Error).message.includes('has active endpoints')) return false;
    console.error(`the engine has miscounted who is in the network ${left.name}, and keeps it`);
    return true;
  }
}
