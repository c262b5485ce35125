import { fail, ok } from '../base/result.ts';
import { decode, maxBytes, unread } from '../dialect/common/read-source.ts';
import { httpHeaders, leavesServer, shownAddress, withoutUser } from './fetch-address.ts';
import { whyRefused, whyUnreachable } from './fetch-words.ts';

import type { Result } from '../base/result.ts';
import type { Diagnostic } from '../dialect/common/diagnostic.ts';
import type { Wanted } from '../dialect/common/read-source.ts';
import type { Source } from '../dialect/common/source.ts';
import type { Asked, Refusal } from './fetch-words.ts';

/** How long an http server is waited for. */
export interface FetchLimits {
  /** Without anything from the server. */
  readonly idleMs: number;
  /** For all of it, redirects included. */
  readonly totalMs: number;
}

const usual: FetchLimits = { idleMs: 10_000, totalMs: 30_000 };
const maxRedirects = 5;

/** The text at an address of an http server, or why it cannot be had. Its name has no password in it. */
export async function fetchSource(
  { at, token }: Wanted,
  { limits = usual, signal }: { readonly limits?: FetchLimits; readonly signal?: AbortSignal } = {},
): Promise<Result<Source, Diagnostic>> {
  const name = shownAddress(at);
  const patience = new Patience(limits, signal);
  try {
    const bytes = await follow({ url: new URL(at), token, name }, patience);
    if (!bytes.ok) return fail(notGiven(name, bytes.failure));
    const decoded = decode(name, bytes.value);
    return decoded.ok && isWebPage(decoded.value.text) ? fail(webPage(name)) : decoded;
  } catch (error) {
    signal?.throwIfAborted();
    return fail(notGiven(name, patience.gaveUp ?? whyUnreachable(error, new URL(at))));
  } finally {
    patience.end();
  }
}

/** What is answered in the end, wherever redirects lead. */
async function follow(first: Asked, patience: Patience): Promise<Result<Uint8Array, Refusal>> {
  let asked = first;
  for (let redirects = 0; ; redirects++) {
    const { headers, problem } = httpHeaders(asked);
    if (problem) return fail(problem);
    const answer = await fetch(withoutUser(asked.url), {
      headers,
      redirect: 'manual',
      signal: patience.signal,
    });
    patience.progress();
    if (answer.ok) return readBody(answer, patience);
    await answer.body?.cancel();
    const location = answer.headers.get('location');
    if (![301, 302, 303, 307, 308].includes(answer.status) || location === null)
      return fail(whyRefused(answer, asked));
    if (redirects === maxRedirects)
      return fail({
        message: `the server redirects more than ${maxRedirects} times`,
        hint: 'name the address where it ends',
      });
    const base = asked.url.href;
    const next = URL.canParse(location, base) ? new URL(location, base) : undefined;
    if (!next || !/^https?:$/.test(next.protocol))
      return fail({ message: 'the server redirects to what is no http address' });
    asked = leavesServer(asked.url, next)
      ? { url: next, name: first.name, left: true }
      : { ...asked, url: withCredentials(next, asked.url) };
  }
}

function withCredentials(next: URL, last: URL): URL {
  [next.username, next.password] = [last.username, last.password];
  return next;
}

/** The body, and one byte more than is read when there is more: the connection is then cut. */
async function readBody(
  answer: Response,
  patience: Patience,
): Promise<Result<Uint8Array, Refusal>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop cancels the rest of the body.
  const body: AsyncIterable<Uint8Array> | null = answer.body;
  for await (const chunk of body ?? []) {
    patience.progress();
    chunks.push(chunk);
    size += chunk.length;
    if (size > maxBytes) break;
  }
  return ok(Buffer.concat(chunks));
}

const notGiven = (name: string, refusal: Refusal): Diagnostic => ({
  ...unread(name, refusal.message),
  ...refusal,
});

const isWebPage = (text: string): boolean =>
  /^[\s\uFEFF]*<(!doctype|html|head|body|\?xml)\b/i.test(text);

const webPage = (name: string): Diagnostic =>
  unread(
    name,
    'the server answers with a web page, not with YAML',
    'name the address of the plain file; a page to log in at means that a token is missing',
  );

/** Waits for a server as long as the limits say. */
class Patience {
  readonly signal: AbortSignal;
  /** Why it was given up, once it was. */
  gaveUp: Refusal | undefined;
  readonly #limits: FetchLimits;
  readonly #over = new AbortController();
  readonly #total: NodeJS.Timeout;
  #idle: NodeJS.Timeout;

  constructor(limits: FetchLimits, signal?: AbortSignal) {
    this.#limits = limits;
    this.signal = AbortSignal.any([this.#over.signal, ...(signal ? [signal] : [])]);
    const { idleMs, totalMs } = limits;
    this.#total = setTimeout(
      () => this.#giveUp(`the server did not give all of it in ${totalMs / 1_000} s`),
      totalMs,
    );
    this.#idle = this.#startIdle(idleMs);
  }

  /** The server said something. */
  progress(): void {
    clearTimeout(this.#idle);
    this.#idle = this.#startIdle(this.#limits.idleMs);
  }

  end(): void {
    clearTimeout(this.#idle);
    clearTimeout(this.#total);
  }

  #startIdle(idleMs: number): NodeJS.Timeout {
    return setTimeout(
      () => this.#giveUp(`the server said nothing for ${idleMs / 1_000} s`),
      idleMs,
    );
  }

  #giveUp(message: string): void {
    this.gaveUp ??= { message, hint: 'see whether it is reached by `curl`, and try again' };
    this.#over.abort();
  }
}
