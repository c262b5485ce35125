import { randomUUID } from 'node:crypto';

import { fail, ok } from '../../base/result.ts';
import { messageOf, patienceMs } from './asking.ts';
import { ContainerOutput } from './container-output.ts';
import { Container } from './container.ts';
import { keptLogs } from './docker-executor.ts';
import { EngineEvents } from './engine-events.ts';
import { explainEnd } from './explain-end.ts';
import { Images } from './images.ts';
import { labelOf, labelsFor } from './labels.ts';
import { toLaunchFailure } from './launch-failure.ts';
import { leaseSandbox } from './lease.ts';

import type { Socket } from 'node:net';
import type { ContainerCreateOptions } from 'dockerode';
import type { Result } from '../../base/result.ts';
import type { Exit, ImageProgress, LaunchFailure, OutputChunk } from '../executor.ts';
import type { Connection } from './connect.ts';
import type { Environment } from './endpoint.ts';

/** A container that gets a text and prints another, with nothing of this machine in it. */
export interface FilterSpec {
  /** What its leftovers are known by, should there be any. */
  readonly runId: string;
  readonly name: string;
  readonly image: string;
  readonly input: Buffer;
}

export interface FilterWorld {
  readonly connection: Connection;
  /** The environment that Continuo was called in. */
  readonly environment: Environment;
  readonly leasesDir: string;
  /** Hears how far the image has come. */
  readonly told: (progress: ImageProgress) => void;
  /** Takes a sentence worth knowing. */
  readonly warn: (text: string) => void;
}

/** A filter that runs. Disposing it ends it at once and removes its container. */
export interface Filtering extends AsyncDisposable {
  /** To be read to its end, once. */
  readonly output: AsyncIterable<OutputChunk>;
  /** Never rejects. */
  readonly exited: Promise<Exit>;
  /** Whether it was given all of its input. To be asked once it has ended. */
  readonly hasInput: () => boolean;
  /** Whether what it runs on is not there any more, or was away for a time. */
  readonly placeIsGone: () => Promise<boolean>;
}

/**
 * Starts what the image itself starts, and gives it the input to its end. The image is pulled if it is
 * missing. Whatever was made is gone when the result is a failure.
 */
export async function filterInContainer(
  { runId, name, image, input }: FilterSpec,
  { connection, environment, leasesDir, told, warn }: FilterWorld,
  signal: AbortSignal,
): Promise<Result<Filtering, LaunchFailure>> {
  const { docker, endpoint } = connection;
  const images = new Images(docker, { told, warn, environment });
  const had = await images.have(image, 'missing', undefined, signal);
  if (!had.ok) return had;
  if (!had.value.hasCommand)
    return fail({ kind: 'refused', detail: `its image ${image} has nothing to start` });
  const sandbox = randomUUID();
  const lease = await leaseSandbox({ leasesDir, runId, sandbox, endpoint, environment });
  if (!lease.ok) return fail({ kind: 'environment', detail: lease.failure });
  const events = new EngineEvents(docker, labelOf(sandbox));
  const made: Made = { lease: lease.value, events };
  try {
    const labels = labelsFor({ runId, stage: 'plugins', sandbox }, name);
    const container = await Container.create(
      docker,
      `continuo-${sandbox.slice(0, 8)}-${name.replaceAll(/[^A-Za-z0-9_.-]/g, '-')}`,
      optionsFor(image, labels, connection),
    );
    made.container = container;
    const attached = await container.attach(true);
    made.attached = attached;
    if (signal.aborted) {
      await remove(made, warn);
      return fail({ kind: 'abandoned' });
    }
    await container.start();
    const hasInput = give(attached, input);
    const ended = container.ended();
    const forgetsCodes = connection.kind === 'podman';
    return ok({
      output: new ContainerOutput(attached, container, ended),
      exited: ended.then((end) => explainEnd(end, { container, events, ours: [], forgetsCodes })),
      hasInput,
      placeIsGone: () => events.engineIsGone(),
      // The engine takes a second request for one that is as good as done.
      [Symbol.asyncDispose]: () => (made.removal ??= remove(made, warn)),
    });
  } catch (error) {
    await remove(made, warn);
    return fail(toLaunchFailure(error, { name, run: { kind: 'image' }, environment: {} }));
  }
}

interface Made {
  readonly lease: AsyncDisposable;
  readonly events: EngineEvents;
  container?: Container;
  attached?: Socket;
  removal?: Promise<void>;
}

/** So long an engine that is gone may take to come back for a removal. */
const comebackMs = 2_000;

/** What cannot be removed keeps its lease, by which it is removed once this process has ended. */
async function remove(
  { lease, events, container, attached }: Made,
  warn: (text: string) => void,
): Promise<void> {
  attached?.destroy();
  container?.release();
  try {
    const isGone = await events.engineIsGone();
    events[Symbol.dispose]();
    await container?.remove(isGone ? comebackMs : patienceMs);
    await lease[Symbol.asyncDispose]();
  } catch (error) {
    warn(`something may be left on the container engine for a while: ${messageOf(error)}`);
  }
}

/** Writes all of it and tells, when asked, whether that has been done. */
function give(attached: Socket, input: Buffer): () => boolean {
  let isGiven = false;
  attached.once('finish', () => (isGiven = true)).end(input);
  return () => isGiven;
}

const optionsFor = (
  image: string,
  labels: Readonly<Record<string, string>>,
  { kind }: Connection,
): ContainerCreateOptions => ({
  Image: image,
  Labels: { ...labels },
  AttachStdin: true,
  OpenStdin: true,
  StdinOnce: true,
  Healthcheck: { Test: ['NONE'] },
  HostConfig: { Init: true, ...(kind === 'docker' && { LogConfig: keptLogs }) },
});
