import { Agent } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';

import Docker from 'dockerode';

import { fail, ok } from '../../base/result.ts';
import { messageOf } from './asking.ts';
import { endpointUrl, findEndpoint } from './endpoint.ts';

import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Result } from '../../base/result.ts';
import type { Endpoint, Environment } from './endpoint.ts';

/** An engine that has answered. */
export interface Connection {
  readonly docker: Docker;
  readonly endpoint: Endpoint;
  /** As `DOCKER_HOST` would have it. */
  readonly where: string;
  readonly kind: 'docker' | 'podman';
  /** Such as `Docker 28.2.2`. */
  readonly version: string;
}

/** A client of the engine, whether it answers or not. */
export const clientFor = (endpoint: Endpoint): Docker => new Docker(optionsFor(endpoint));

/** The types of the library know nothing of its `agent`. */
type Options = Docker.DockerOptions & { readonly agent?: Agent };

function optionsFor(endpoint: Endpoint): Options {
  if (endpoint.kind === 'socket') return { socketPath: endpoint.path, agent: new FreshAgent() };
  const { kind, host, port, username, tls } = endpoint;
  return {
    protocol: kind === 'ssh' ? 'ssh' : tls ? 'https' : 'http',
    host,
    ...(port !== undefined && { port }),
    ...(username !== undefined && { username }),
    ...tls,
    ...(kind === 'tcp' && !tls && { agent: new FreshAgent() }),
  };
}

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

/**
 * A connection for each request, so that nothing that went wrong with one answer can end up in
 * another. The client forgets a request whose answer breaks off in the middle: here it is told.
 */
class FreshAgent extends Agent {
  constructor() {
    super({ keepAlive: false });
  }

  /** The client inspects everything about every request to the bottom, sockets and all, for a log that nobody reads. */
  [inspect.custom](): string {
    return this.constructor.name;
  }

  addRequest(request: ClientRequest, ...rest: unknown[]): void {
    request.once('response', (response: IncomingMessage) => {
      response.once('error', (error) => request.emit('error', error));
      // The client leaves a request open that was to become a stream and is refused.
      response.once('end', () => {
        if (!request.writableEnded) request.destroy();
      });
    });
    // Node's own documentation leaves this method out; every library of agents relies on it.
    (Agent.prototype as unknown as { addRequest: (...all: unknown[]) => void }).addRequest.call(
      this,
      request,
      ...rest,
    );
  }
}
