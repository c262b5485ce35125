import { setTimeout as delay } from 'node:timers/promises';

import Docker from 'dockerode';

import { fail, ok } from '../../base/result.ts';
import { messageOf } from './asking.ts';
import { dial } from './dial.ts';
import { endpointUrl, findEndpoint } from './endpoint.ts';
import { FreshAgent } from './fresh-agent.ts';
import { machineOf } from './machine.ts';

import type { Result } from '../../base/result.ts';
import type { Endpoint, Environment } from './endpoint.ts';

/** An engine that has answered. */
export interface Connection {
  readonly docker: Docker;
  readonly endpoint: Endpoint;
  /** As `DOCKER_HOST` would have it. */
  readonly where: string;
  /** The name or address of the engine's machine, as it is reached from this one. */
  readonly machine: string;
  readonly kind: 'docker' | 'podman';
  /** Such as `Docker 28.2.2`. */
  readonly version: string;
}

/** A client of the engine, whether it answers or not. */
export function clientFor(endpoint: Endpoint): Docker {
  return new Docker({
    ...ofTheEnvironment,
    protocol: 'http',
    // The agent dials, wherever the client believes that it does.
    socketPath: endpoint.kind === 'socket' ? endpoint.path : endpointUrl(endpoint),
    agent: new FreshAgent(() => dial(endpoint)),
  } as Docker.DockerOptions);
}

/** What the client takes from the environment by itself, where it is not told. */
const ofTheEnvironment = { host: undefined, port: undefined, timeout: undefined };

/** Finds the engine and asks whether it is there. The failure is a sentence. */
export async function connect(environment: Environment): Promise<Result<Connection, string>> {
  const endpoint = findEndpoint(environment);
  if (!endpoint.ok) return fail(`there is no Docker engine: ${endpoint.failure}`);
  return connectTo(endpoint.value);
}

/** Asks the engine whether it is there. The failure is a sentence. */
export async function connectTo(endpoint: Endpoint): Promise<Result<Connection, string>> {
  const where = endpointUrl(endpoint);
  try {
    const docker = clientFor(endpoint);
    const late = delay(answerMs, undefined, { ref: false }).then(() => {
      throw new Error(`no answer for ${answerMs / 1_000}s`);
    });
    const version = (await Promise.race([docker.version(), late])) as Partial<Version> | null;
    if (typeof version?.Version !== 'string')
      return fail(`what answers at ${where} is no Docker engine`);
    // Old engines do not tell what they are made of.
    const podman = version.Components?.find(({ Name }) => Name.startsWith('Podman'));
    return ok({
      docker,
      endpoint,
      where,
      machine: await machineOf(endpoint),
      kind: podman ? 'podman' : 'docker',
      version: podman ? `Podman ${podman.Version}` : `Docker ${version.Version}`,
    });
  } catch (error) {
    return fail(`no Docker engine answers at ${where}: ${whyNot(error)}`);
  }
}

type Version = Docker.DockerVersion;

/** An engine that was stopped for a while, or whose machine is busy, is waited for. */
const answerMs = 30_000;

function whyNot(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED' || code === 'ENOENT') return 'nobody listens there';
  if (code === 'EACCES') return 'this user may not use it (is it in the group docker?)';
  return messageOf(error);
}
