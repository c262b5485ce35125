import { systemClock } from '../../base/clock.ts';
import { fail, ok } from '../../base/result.ts';
import { askAgain } from './asking.ts';
import { describePullFailure } from './pull-failure.ts';
import { pull } from './pull.ts';
import { findLogin, toAuthConfig } from './registry-auth.ts';
import { askForVerdict } from './registry-verdict.ts';
import { SharedWorks } from './shared-work.ts';

import type Docker from 'dockerode';
import type { Clock } from '../../base/clock.ts';
import type { Result } from '../../base/result.ts';
import type { ImageProgress, LaunchFailure, RegistryAccess } from '../executor.ts';
import type { ImageName } from './image-name.ts';
import type { PullFailure } from './pull-failure.ts';
import type { Patience, PullSpec } from './pull.ts';
import type { RegistryLogin } from './registry-auth.ts';

export interface PullOptions {
  readonly told: (progress: ImageProgress) => void;
  /** Takes a sentence worth knowing that changes no outcome. */
  readonly warn: (text: string) => void;
  /** Where Docker's configuration is (`DOCKER_CONFIG`, `HOME`), and what its helpers run with. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absent: the machine's own. */
  readonly clock?: Clock;
}

/** An image that is to be pulled. */
export interface PullWish {
  /** As the pipeline has it. */
  readonly image: string;
  readonly name: ImageName;
  /** It is there; only a newer one is looked for. */
  readonly isRefresh: boolean;
  readonly access: RegistryAccess | undefined;
}

const patience: Patience = { firstWordMs: 60_000, nextWordMs: 120_000 };
const refreshPatience: Patience = { ...patience, firstWordMs: 5_000 };

const attemptsByDefault = 3;
const firstDelayMs = 1_000;

/** Pulls, with the login for the registry, again when that may help, and a sentence when it does not. */
export class PatientPull {
  readonly #docker: Docker;
  readonly #options: PullOptions;
  /** By the host of the registry: a helper may be slow, or ask a person. */
  readonly #logins = new SharedWorks<RegistryLogin | undefined>();

  constructor(docker: Docker, options: PullOptions) {
    this.#docker = docker;
    this.#options = options;
  }

  async pull(wish: PullWish, signal: AbortSignal): Promise<Result<undefined, LaunchFailure>> {
    const { image, name, access, isRefresh } = wish;
    const { told, clock = systemClock } = this.#options;
    const login = await this.#loginFor(name.host, access, signal);
    const spec: PullSpec = {
      name,
      auth: login && toAuthConfig(login, name.host),
      patience: isRefresh ? refreshPatience : patience,
      clock,
      told: (figures) => told({ kind: 'pulling', image, ...figures }),
    };
    const attempts = access?.retry?.attempts ?? attemptsByDefault;
    for (let attempt = 1; ; attempt++) {
      const pulled = await pull(this.#docker, spec, signal);
      if (pulled.ok || signal.aborted)
        return signal.aborted ? fail({ kind: 'abandoned' }) : ok(undefined);
      if (attempt >= attempts || !mayHelp(pulled.failure, isRefresh)) {
        return this.#failed(wish, pulled.failure, login, attempt, signal);
      }
      const delayMs = restMs(access, attempt);
      const detail = withoutSecret(describePullFailure(pulled.failure, name.host, 1), login);
      told({ kind: 'retrying', image, detail, delayMs });
      await clock.sleep(delayMs, signal);
      if (pulled.failure.kind === 'engineGone') await this.#engineBack(signal);
    }
  }

  async #failed(
    { image, name }: PullWish,
    failure: PullFailure,
    login: RegistryLogin | undefined,
    attempts: number,
    signal: AbortSignal,
  ): Promise<Result<never, LaunchFailure>> {
    if (failure.kind === 'abandoned') return fail({ kind: 'abandoned' });
    const verdict =
      failure.kind === 'refused' ? await askForVerdict(name, login, signal) : undefined;
    const detail = withoutSecret(
      verdict ?? describePullFailure(failure, name.host, attempts),
      login,
    );
    const isOurs = failure.kind === 'diskFull' || failure.kind === 'engineGone';
    return fail(
      isOurs ? { kind: 'environment', detail } : { kind: 'imageUnavailable', image, detail },
    );
  }

  /** Settles once the engine answers, or when that has taken too long: the next pull tells. */
  async #engineBack(signal: AbortSignal): Promise<void> {
    const ask = async (): Promise<unknown> => (signal.aborted ? undefined : this.#docker.ping());
    await askAgain(this.#docker, ask).catch(() => undefined);
  }

  async #loginFor(
    host: string,
    access: RegistryAccess | undefined,
    signal: AbortSignal,
  ): Promise<RegistryLogin | undefined> {
    if (access?.credentials) return { kind: 'password', ...access.credentials };
    const { environment, warn } = this.#options;
    return this.#logins.wait(
      host,
      (unwanted) => findLogin(host, environment, warn, unwanted),
      signal,
    );
  }
}

/** A registry that cannot be reached is not worth waiting for when the image is there. */
const mayHelp = ({ kind }: PullFailure, isRefresh: boolean): boolean =>
  kind === 'broken' || kind === 'engineGone' || (kind === 'unreachable' && !isRefresh);

/** A little more each time than asked for, so that those who failed together do not come together. */
function restMs(access: RegistryAccess | undefined, attempt: number): number {
  const delayMs = access?.retry?.backoffMs ?? firstDelayMs * 2 ** (attempt - 1);
  return Math.round(delayMs * (1 + Math.random() / 4));
}

/** Nobody should quote it to us; but what is quoted to us is shown. */
function withoutSecret(text: string, login: RegistryLogin | undefined): string {
  const secret = login?.kind === 'password' ? login.password : login?.identityToken;
  return secret ? text.replaceAll(secret, '***') : text;
}
