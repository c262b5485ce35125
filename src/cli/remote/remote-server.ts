import { fail, ok } from '../../base/result.ts';

import type { Result } from '../../base/result.ts';
import type { ServerPlace } from './server-place.ts';

/** Why a server has not done what it was asked. */
export type RemoteFailure =
  /** Nobody listens there, or the connection broke. */
  | { readonly kind: 'unreached'; readonly url: string; readonly detail: string }
  /** It says no, and why (RFC 9457). */
  | {
      readonly kind: 'refused';
      readonly status: number;
      /** One word, such as `no-run`. */
      readonly word: string;
      readonly title: string;
      readonly detail?: string;
    }
  /** What answers there is no server of ours. */
  | { readonly kind: 'strange'; readonly url: string; readonly status: number };

/** A server that is asked over HTTP. What it answers is as its OpenAPI document says, and not looked at here. */
export class RemoteServer {
  readonly place: ServerPlace;

  constructor(place: ServerPlace) {
    this.place = place;
  }

  get(path: string): Promise<Result<unknown, RemoteFailure>> {
    return this.#json(path, {});
  }

  post(path: string, body: unknown): Promise<Result<unknown, RemoteFailure>> {
    return this.#json(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  /** An answer that comes bit by bit, until `signal` aborts. */
  async open(
    path: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Result<Response, RemoteFailure>> {
    return this.#ask(path, { headers, signal });
  }

  async #json(path: string, init: RequestInit): Promise<Result<unknown, RemoteFailure>> {
    const asked = await this.#ask(path, { ...init, signal: AbortSignal.timeout(patienceMs) });
    if (!asked.ok) return asked;
    try {
      const text = await asked.value.text();
      return ok(text === '' ? undefined : JSON.parse(text));
    } catch (error) {
      return fail(this.#unreached(error));
    }
  }

  async #ask(path: string, init: RequestInit): Promise<Result<Response, RemoteFailure>> {
    const { url, token } = this.place;
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${token}`);
    let response;
    try {
      // Whoever else it may point at is not to see the token.
      response = await fetch(`${url}${path}`, { ...init, headers, redirect: 'manual' });
    } catch (error) {
      return fail(this.#unreached(error));
    }
    return response.ok ? ok(response) : fail(await this.#refused(response));
  }

  #unreached(error: unknown): RemoteFailure {
    const { message, cause, name } = error as Error;
    const detail =
      name === 'TimeoutError'
        ? 'it gives no answer'
        : ((cause as Error | undefined)?.message ?? '');
    return { kind: 'unreached', url: this.place.url, detail: detail === '' ? message : detail };
  }

  async #refused(response: Response): Promise<RemoteFailure> {
    const { status } = response;
    const strange = { kind: 'strange', url: this.place.url, status } as const;
    if (response.headers.get('content-type')?.startsWith('application/problem+json') !== true) {
      await response.body?.cancel().catch(() => undefined);
      return strange;
    }
    try {
      const told = (await response.json()) as { type: string; title: string; detail?: string };
      const word = told.type.replace(/^urn:continuo:/, '');
      const { title, detail } = told;
      return { kind: 'refused', status, word, title, ...(detail !== undefined && { detail }) };
    } catch {
      return strange;
    }
  }
}

/** Longer than a server waits itself: for a run to begin, and for a file to be checked. */
const patienceMs = 90_000;
