import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

import { WrongTries } from './wrong-tries.ts';

import type { Problem } from './problem.ts';

/** What of a request tells whether it may be answered. */
export interface Request {
  /** It changes nothing. */
  readonly isSafe: boolean;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
  readonly authorization: string | undefined;
  /** The value of our cookie. */
  readonly cookie: string | undefined;
  /** The address that it comes from. */
  readonly from: string;
  /** It needs no token: it is there to get one. */
  readonly isOpen: boolean;
}

export interface AccessSpec {
  readonly token: string;
  /** Whether a `Host` header names this server. */
  readonly isOurHost: (host: string) => boolean;
  /** Milliseconds since any moment. */
  readonly now: () => number;
}

/** Decides who is answered: whoever shows the token, or the cookie that it was exchanged for. */
export class Access {
  readonly #spec: AccessSpec;
  readonly #tries: WrongTries;
  readonly #codes = new Map<string, number>();

  constructor(spec: AccessSpec) {
    this.#spec = spec;
    this.#tries = new WrongTries(spec.now);
  }

  /** Why this request is refused; absent when it is not. */
  refusal(request: Request): Problem | undefined {
    return this.#strange(request) ?? (request.isOpen ? undefined : this.#unknown(request));
  }

  /** A code that can be exchanged for the cookie once, within ten minutes. */
  newCode(): string {
    const code = randomBytes(24).toString('base64url');
    this.#codes.set(code, this.#spec.now() + codeLifeMs);
    return code;
  }

  /** The cookie for a code, which is of no use from then on; otherwise why there is none. */
  exchange(code: string, from: string): { cookie: string } | { problem: Problem } {
    const until = this.#codes.get(code);
    this.#codes.delete(code);
    if (until !== undefined && this.#spec.now() <= until) return { cookie: this.#session() };
    const tries = this.#tries.another(from);
    return { problem: tries ?? usedCode };
  }

  /** A page of another server must not use our cookie, nor a name that was made to lead here. */
  #strange({ host, origin }: Request): Problem | undefined {
    if (host === undefined || !this.#spec.isOurHost(host)) return strangeHost;
    const isOurs = origin === undefined || /^https?:\/\/(.*)$/.exec(origin)?.[1] === host;
    return isOurs ? undefined : strangeOrigin;
  }

  #unknown(request: Request): Problem | undefined {
    const { authorization, cookie, from, isSafe, origin, fetchSite } = request;
    const shown = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (shown !== undefined && isSame(shown, this.#spec.token)) return undefined;
    if (authorization === undefined && cookie !== undefined && isSame(cookie, this.#session())) {
      // Browsers tell one of the two with whatever changes something.
      return isSafe || origin !== undefined || fetchSite === 'same-origin'
        ? undefined
        : strangeOrigin;
    }
    if (authorization === undefined && cookie === undefined) return noToken;
    return this.#tries.another(from) ?? wrongToken;
  }

  /** What a browser keeps is not the token itself, and dies with it. */
  #session(): string {
    return createHmac('sha256', this.#spec.token).update('cookie').digest('base64url');
  }
}

const codeLifeMs = 600_000;

/** In a time that tells nothing of where they differ, nor of how long the right one is. */
function isSame(shown: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(shown), digest(right));
}

/** Not 421 (Misdirected Request): a client may ask once more by itself then, which Node's `fetch` cannot with a body. */
const strangeHost: Problem = {
  status: 403,
  kind: 'strange-host',
  title: 'This server goes by another name',
  detail:
    'Ask it by the address that it told at its start, or name this one with `--allow-host NAME[:PORT]`.',
};

const strangeOrigin: Problem = {
  status: 403,
  kind: 'strange-origin',
  title: 'The request comes from the page of another server',
};

const noToken: Problem = {
  status: 401,
  kind: 'no-token',
  title: 'A token is needed',
  detail:
    'Programs send it as `Authorization: Bearer …`; it is in the file that the server told at its start. Browsers open the link that it told.',
};

const wrongToken: Problem = { ...noToken, kind: 'wrong-token', title: 'This is not the token' };

const usedCode: Problem = {
  status: 403,
  kind: 'used-code',
  title: 'This link was used already, or is too old',
  detail: 'The server prints a new one at each start.',
};
