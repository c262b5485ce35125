import { isAborted } from '../../base/abort.ts';
import { fail, ok } from '../../base/result.ts';
import { messageOf, statusOf } from './asking.ts';
import { repositoryOf, versionOf } from './image-name.ts';
import { sortPullFailure } from './pull-failure.ts';
import { messagesOf, PullProgress } from './pull-progress.ts';

import type Docker from 'dockerode';
import type { Clock } from '../../base/clock.ts';
import type { Result } from '../../base/result.ts';
import type { ImageName } from './image-name.ts';
import type { PullFailure } from './pull-failure.ts';
import type { PullFigures } from './pull-progress.ts';

/** How long an engine may be silent, before its first word and after it. */
export interface Patience {
  readonly firstWordMs: number;
  readonly nextWordMs: number;
}

/** One pull that an engine is asked for. */
export interface PullSpec {
  readonly name: ImageName;
  readonly auth: Docker.AuthConfig | undefined;
  readonly patience: Patience;
  readonly clock: Clock;
  /** Hears of layers at most five times a second, and of the last state. */
  readonly told: (figures: PullFigures) => void;
}

/** A person sees no more than so many steps. */
const tellEveryMs = 200;

/** Has the engine pull an image, once. An abort ends the pull in the engine, too. */
export async function pull(
  docker: Docker,
  { name, auth, patience, clock, told }: PullSpec,
  signal: AbortSignal,
): Promise<Result<undefined, PullFailure>> {
  const silence = new Silence(clock);
  const progress = new PullProgress();
  let toldAt = -Infinity;
  let isNews = false;
  try {
    silence.limit(patience.firstWordMs);
    const stream = await docker.createImage(auth, {
      // Named apart: the client would put the credentials and the signal into the address, too.
      _query: { fromImage: repositoryOf(name), tag: versionOf(name) },
      _body: {},
      abortSignal: AbortSignal.any([signal, silence.signal]),
    });
    for await (const message of messagesOf(stream as AsyncIterable<Buffer>)) {
      silence.limit(patience.nextWordMs);
      const error = message.errorDetail?.message ?? message.error;
      if (error !== undefined) return fail(sortPullFailure(error));
      if (progress.take(message)) isNews = true;
      if (!isNews || clock.now() - toldAt < tellEveryMs) continue;
      told(progress.figures);
      isNews = false;
      toldAt = clock.now();
    }
    if (progress.finish() || isNews) told(progress.figures);
    return ok(undefined);
  } catch (error) {
    if (isAborted(signal)) return fail({ kind: 'abandoned', detail: 'no longer wanted' });
    return fail(silence.signal.aborted ? silence.failure : toFailure(error));
  } finally {
    silence.limit(undefined);
  }
}

/** An abort once nothing was heard for too long. */
class Silence {
  readonly #clock: Clock;
  readonly #over = new AbortController();
  #counting = new AbortController();
  #limitMs = 0;
  #heard = false;

  readonly signal = this.#over.signal;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts anew, from now; or no longer. */
  limit(ms: number | undefined): void {
    this.#counting.abort();
    if (ms === undefined) return;
    this.#heard = this.#limitMs > 0;
    this.#limitMs = ms;
    const { signal } = (this.#counting = new AbortController());
    void this.#clock.sleep(ms, signal).then(() => {
      if (!signal.aborted) this.#over.abort();
    });
  }

  get failure(): PullFailure {
    const kind = this.#heard ? 'broken' : 'unreachable';
    return { kind, detail: `nothing was heard for ${this.#limitMs / 1_000}s` };
  }
}

/** An error with a status is the engine's answer; without one there was none. */
function toFailure(error: unknown): PullFailure {
  const status = statusOf(error);
  if (status === undefined) return { kind: 'engineGone', detail: messageOf(error) };
  const sorted = sortPullFailure(messageOf(error).replace(/^\(HTTP code \d+\) [a-z ]+ - /, ''));
  if (sorted.kind !== 'broken') return sorted;
  return { ...sorted, kind: status === 404 ? 'refused' : status < 500 ? 'final' : 'broken' };
}
