import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { fail, ok } from '../../base/result.ts';
import { programBeside } from '../common/beside.ts';
import { LeaseFile, readLeaseFile, removeLease } from '../common/lease-file.ts';
import { groupAtFirst } from '../common/own-group.ts';
import { thisProcess } from '../common/owner.ts';
import { startWatch } from '../common/watch.ts';
import { cleanUp } from './cleanup.ts';
import { clientFor } from './connect.ts';
import { endpointUrl, findEndpoint } from './endpoint.ts';
import { labelOf } from './labels.ts';

import type { Result } from '../../base/result.ts';
import type { Lease } from '../common/lease-file.ts';
import type { CleanUpHow } from './cleanup.ts';
import type { Endpoint, Environment } from './endpoint.ts';
import type { Made } from './made.ts';

/** How the names of the leases of this executor end. */
export const leaseEnding = '.docker-lease';

/** The lease of a sandbox whose tasks are containers. */
export interface DockerLease extends Lease {
  /** What everything of it on the engine is labelled with. */
  readonly sandbox: string;
  /** Its folder on this machine, if it has one. */
  readonly scratch?: string;
  /** The engine, as `DOCKER_HOST` would have it. */
  readonly where: string;
  /** The variables by which the engine is found. No secret is among them. */
  readonly environment: Environment;
}

/** What a sandbox is about to make, and where. */
export interface LeaseSpec {
  readonly leasesDir: string;
  readonly runId: string;
  readonly sandbox: string;
  readonly scratch?: string;
  readonly endpoint: Endpoint;
  /** The environment in which the endpoint was found. */
  readonly environment: Environment;
  /** The program that ends a lease. Absent: `docker-watchdog` beside this module. */
  readonly watchdogScript?: string;
}

/** A lease while its owner lives. Disposing it says that nothing is left of what it names. */
export interface SandboxLease extends AsyncDisposable {
  /** What it names is to stay, until a person asks for its end. Nothing is left to dispose. */
  keep(): Promise<void>;
}

/** How long a dead run's containers have after their stop signal. */
const orphanGraceMs = 3_000;

/**
 * Starts the watchdog of a sandbox and writes its lease: to be done before anything is made. The
 * failure is a sentence.
 */
export async function leaseSandbox(spec: LeaseSpec): Promise<Result<SandboxLease, string>> {
  const { leasesDir, runId, sandbox, scratch, endpoint, environment } = spec;
  const file = join(leasesDir, `${sandbox}${leaseEnding}`);
  const lease: DockerLease = {
    runId,
    owner: thisProcess(),
    sandbox,
    ...(scratch !== undefined && { scratch }),
    where: endpointUrl(endpoint),
    environment: variablesFor(endpoint, environment),
  };
  const program = ['docker-watchdog.js', 'docker-watchdog.ts'] as const;
  const watch = await startWatch({
    script: spec.watchdogScript ?? programBeside(import.meta.filename, ...program),
    node: process.execPath,
    lease: file,
    graceMs: orphanGraceMs,
    group: groupAtFirst(),
  });
  if (!watch.ok) return watch;
  let kept: LeaseFile;
  try {
    kept = new LeaseFile(file, lease);
  } catch (error) {
    await watch.value.dismiss();
    return fail((error as Error).message);
  }
  return ok({
    async keep() {
      kept.add({ kept: true });
      kept.leave();
      await watch.value.dismiss();
    },
    async [Symbol.asyncDispose]() {
      kept[Symbol.dispose]();
      await watch.value.dismiss();
    },
  });
}

/** What `findEndpoint` finds the same endpoint by, whatever becomes of the person's configuration. */
function variablesFor(endpoint: Endpoint, environment: Environment): Environment {
  const isPlain = endpoint.kind !== 'tcp' || endpoint.tls === undefined;
  const names = isPlain ? ['HOME', 'PATH', 'SSH_AUTH_SOCK'] : [...tlsNames, 'HOME'];
  return {
    ...Object.fromEntries(names.map((name) => [name, environment[name]])),
    ...(isPlain && { DOCKER_HOST: endpointUrl(endpoint) }),
  };
}

/** Keys and certificates are read from where they are. */
const tlsNames = [
  'DOCKER_HOST',
  'DOCKER_CONTEXT',
  'DOCKER_CONFIG',
  'DOCKER_CERT_PATH',
  'DOCKER_TLS_VERIFY',
];

/** The lease in a file, and whether it is kept. `undefined` when it is gone or was never whole. */
export function readLease(file: string): { lease: DockerLease; isKept: boolean } | undefined {
  const found = readLeaseFile(file);
  if (!found) return undefined;
  return {
    lease: found.lease as DockerLease,
    isKept: found.lines.some((line) => 'kept' in line),
  };
}

/**
 * Ends everything the lease names and removes it, itself at last. Safe to repeat. The result is
 * what there was; the failure is a sentence, and leaves the lease for the next who tries.
 */
export async function endLease(file: string, how: CleanUpHow): Promise<Result<Made[], string>> {
  const lease = readLease(file)?.lease;
  if (!lease) return ok([]);
  const endpoint = findEndpoint(lease.environment);
  if (!endpoint.ok) return endpoint;
  const cleaned = await cleanUp(clientFor(endpoint.value), labelOf(lease.sandbox), how);
  if (cleaned.ok) dropLease(file, lease);
  return cleaned;
}

/** Removes what a lease names on this machine, and itself: nothing else of it is left. */
export function dropLease(file: string, { scratch }: DockerLease): void {
  if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
  removeLease(file);
}
