import { fail, ok } from '../../base/result.ts';
import { askAgain, messageOf, statusOf } from './asking.ts';
import { cameFrom, toImageFacts } from './image-facts.ts';
import { fullName, parseImageName } from './image-name.ts';
import { PatientPull } from './patient-pull.ts';
import { SharedWorks } from './shared-work.ts';

import type Docker from 'dockerode';
import type { ImageInspectInfo } from 'dockerode';
import type { Result } from '../../base/result.ts';
import type { LaunchFailure, PullPolicy, RegistryAccess } from '../executor.ts';
import type { ImageFacts } from './image-facts.ts';
import type { ImageName } from './image-name.ts';
import type { PullOptions } from './patient-pull.ts';

type Had = Result<ImageFacts, LaunchFailure>;

interface Found {
  readonly facts: ImageFacts;
  readonly pulled: boolean;
}

const keyOf = (image: string, pull: PullPolicy, access: RegistryAccess | undefined): string =>
  JSON.stringify([image, pull, access?.credentials]);

/** The images of one run: each is pulled once if need be, and looked at when a task's turn has come. */
export class Images {
  readonly #docker: Docker;
  readonly #options: PullOptions;
  readonly #pulls: PatientPull;
  readonly #asked = new SharedWorks<Had>();
  /** Those that were had, as they were then: also while they are looked at again, which may be given up. */
  readonly #had = new Map<string, ImageFacts>();

  constructor(docker: Docker, options: PullOptions) {
    this.#docker = docker;
    this.#options = options;
    this.#pulls = new PatientPull(docker, options);
  }

  /**
   * Settles with the facts of the image as it is now, once it is there: a step may have made it, or
   * made it anew. A registry that was asked before is asked again only where that failed, or where what it
   * brought is gone. When all who ask have aborted, a pull is ended.
   */
  async have(
    image: string,
    pull: PullPolicy,
    access: RegistryAccess | undefined,
    signal: AbortSignal,
  ): Promise<Had> {
    const key = keyOf(image, pull, access);
    const settled = this.#asked.result(key);
    if (settled) this.#asked.forget(key);
    if (settled?.ok === true) this.#had.set(key, settled.value);
    const before = this.#had.get(key);
    const begin = (unwanted: AbortSignal): Promise<Had> =>
      before
        ? this.#lookAgain(before, image, pull, access, unwanted)
        : this.#get(image, pull, access, unwanted);
    return (await this.#asked.wait(key, begin, signal)) ?? fail({ kind: 'abandoned' });
  }

  /** As `have`, for whoever comes before a task's turn: what has failed is not tried again. */
  async expect(
    image: string,
    pull: PullPolicy,
    access: RegistryAccess | undefined,
    signal: AbortSignal,
  ): Promise<Had> {
    const before = this.#asked.result(keyOf(image, pull, access));
    return before?.ok === false ? before : this.have(image, pull, access, signal);
  }

  async #lookAgain(
    before: ImageFacts,
    image: string,
    pull: PullPolicy,
    access: RegistryAccess | undefined,
    signal: AbortSignal,
  ): Promise<Had> {
    const name = parseImageName(image);
    const now = name.ok ? await this.#inspect(image, name.value, signal) : ok(undefined);
    if (!now.ok) return now;
    if (!now.value) return this.#get(image, pull, access, signal);
    return ok(now.value.Id === before.id ? before : toImageFacts(now.value));
  }

  async #get(
    image: string,
    pull: PullPolicy,
    access: RegistryAccess | undefined,
    signal: AbortSignal,
  ): Promise<Had> {
    const had = await this.#find(image, pull, access, signal);
    const { told } = this.#options;
    if (had.ok) told({ kind: 'there', image, pulled: had.value.pulled });
    else if (had.failure.kind !== 'abandoned')
      told({ kind: 'missing', image, detail: 'detail' in had.failure ? had.failure.detail : '' });
    return had.ok ? ok(had.value.facts) : had;
  }

  async #find(
    image: string,
    pull: PullPolicy,
    access: RegistryAccess | undefined,
    signal: AbortSignal,
  ): Promise<Result<Found, LaunchFailure>> {
    const missing = (detail: string): { ok: false; failure: LaunchFailure } =>
      fail({ kind: 'imageUnavailable', image, detail });
    const name = parseImageName(image);
    if (!name.ok) return missing(name.failure);
    const before = await this.#inspect(image, name.value, signal);
    if (!before.ok) return before;
    const present = before.value;
    const there = present && { facts: toImageFacts(present), pulled: false };
    if (!asksRegistry(pull, name.value, present)) {
      return there ? ok(there) : missing('it is not there, and its pull policy forbids to pull it');
    }
    // Nobody who wants the newest of what is there wants nothing at all instead.
    const isRefresh = there !== undefined && pull === 'by-tag';
    const pulled = await this.#pulls.pull({ image, name: name.value, isRefresh, access }, signal);
    if (!pulled.ok) {
      if (pulled.failure.kind === 'abandoned') return pulled;
      if (!isRefresh) return (await this.#madeMeanwhile(image, pull, name.value, signal)) ?? pulled;
      const why = 'detail' in pulled.failure ? pulled.failure.detail : pulled.failure.kind;
      this.#options.warn(`image ${image} is taken as it is here, and may be old: ${why}`);
      return ok(there);
    }
    const after = await this.#inspect(image, name.value, signal);
    if (!after.ok) return after;
    if (!after.value) return missing('it was pulled, but is not there');
    return ok({ facts: toImageFacts(after.value), pulled: after.value.Id !== present?.Id });
  }

  /** What a step has made while it could not be pulled, where that will do. */
  async #madeMeanwhile(
    image: string,
    pull: PullPolicy,
    name: ImageName,
    signal: AbortSignal,
  ): Promise<Result<Found, LaunchFailure> | undefined> {
    const now = await this.#inspect(image, name, signal);
    if (!now.ok || !now.value || asksRegistry(pull, name, now.value)) return undefined;
    return ok({ facts: toImageFacts(now.value), pulled: false });
  }

  /** Nothing when the engine does not have it. */
  async #inspect(
    image: string,
    name: ImageName,
    signal: AbortSignal,
  ): Promise<Result<ImageInspectInfo | undefined, LaunchFailure>> {
    // As written, a name may be found that Podman has made up a host for, or an id.
    const wanted = name.digest === undefined ? image : fullName(name);
    try {
      const ask = async (): Promise<ImageInspectInfo | undefined> =>
        signal.aborted ? undefined : this.#docker.getImage(wanted).inspect();
      const info = await askAgain(this.#docker, ask);
      return signal.aborted ? fail({ kind: 'abandoned' }) : ok(info);
    } catch (error) {
      if (statusOf(error) === 404) return ok(undefined);
      return fail({
        kind: 'environment',
        detail: `the engine does not tell whether it has the image ${image}: ${messageOf(error)}`,
      });
    }
  }
}

/**
 * Whether the registry is asked. What was made on this engine is in no registry: to ask one by its
 * name could only bring a stranger's image instead.
 */
function asksRegistry(
  pull: PullPolicy,
  name: ImageName,
  present: ImageInspectInfo | undefined,
): boolean {
  switch (pull) {
    case 'always':
      return true;
    case 'never':
      return false;
    case 'missing':
      return !present;
    case 'by-tag':
      return (
        !present || (name.digest === undefined && name.tag === 'latest' && cameFrom(name, present))
      );
  }
}
