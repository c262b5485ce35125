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
