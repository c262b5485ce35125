import type { ContainerInspectInfo } from 'dockerode';
import type { Address, Reached } from '../executor.ts';

type State = Pick<ContainerInspectInfo, 'NetworkSettings'>;

/**
 * Where a container itself answers. To ask there is surer than at a published port, where the engine
 * accepts connections although nobody listens in the container.
 */
export function ownAddress({ NetworkSettings }: State, port: number): Address | undefined {
  const [network] = Object.values(NetworkSettings.Networks);
  const host = network?.IPAddress ?? '';
  return host === '' ? undefined : { host, port };
}

/** Where the machine `host`, which the engine is on, answers for a port of a container. */
export function publishedAddress(
  { NetworkSettings }: State,
  port: number,
  host: string,
): Reached | undefined {
  const [published] = NetworkSettings.Ports[`${port}/tcp`] ?? [];
  return published && { host, port: Number(published.HostPort), isProxied: true };
}
