import { isAborted } from '../base/abort.ts';
import { fail, ok } from '../base/result.ts';
import { maxBytes } from '../dialect/common/read-source.ts';
import { describeExit, describeLaunchFailure } from '../event/describe-end.ts';
import { Cleaner } from '../report/clean.ts';

import type { Result } from '../base/result.ts';
import type { Filtering } from '../executor/docker/filter-in-container.ts';
import type { LaunchFailure } from '../executor/executor.ts';

/** Why a plugin gave no text: what ends a clause like "plugin 'x' …", and what may help. */
export interface NoText {
  readonly message: string;
  readonly hint?: string;
  /** It is not the plugin's fault. */
  readonly reason?: 'environment';
}

export interface PluginRun {
  readonly start: (signal: AbortSignal) => Promise<Result<Filtering, LaunchFailure>>;
  /** Takes each line of its standard error. */
  readonly said: (line: string) => void;
  readonly timeoutMs: number;
}

/**
 * Runs a plugin to its end and takes the text that it prints. It is ended at once when `signal` aborts,
 * when its time is over, and when it prints more than a pipeline may hold.
 */
export async function runPlugin(
  { start, said, timeoutMs }: PluginRun,
  signal: AbortSignal,
): Promise<Result<string, NoText>> {
  const started = await start(signal);
  if (!started.ok) return isAborted(signal) ? fail(unwanted) : fail(whyNotStarted(started.failure));
  await using filtering = started.value;
  // Begun only now: it takes as long as it takes to pull an image.
  const late = AbortSignal.timeout(timeoutMs);
  const over = AbortSignal.any([signal, late]);
  const end = (): void => void filtering[Symbol.asyncDispose]();
  over.addEventListener('abort', end, { once: true });
  // It may have aborted while nobody listened.
  if (over.aborted) end();
  const log = new Log(said);
  const bytes = await read(filtering, log);
  if (bytes === undefined)
    return fail({ message: `printed more than ${maxBytes >> 20} MB, which no pipeline is` });
  const exit = await filtering.exited;
  over.removeEventListener('abort', end);
  log.end();
  if (isAborted(signal)) return fail(unwanted);
  if (isAborted(late)) {
    if (await filtering.placeIsGone()) return fail({ message: goneMessage, reason: 'environment' });
    const message = `had not ended after ${timeoutMs / 1_000}s, and was ended`;
    return fail({ message, ...log.lastWords });
  }
  if (exit.kind === 'lost')
    return fail({ message: `was lost: ${exit.detail}`, reason: 'environment' });
  if (!filtering.hasInput())
    return fail({ message: 'did not take all of its input', ...log.lastWords });
  if (exit.kind !== 'code' || exit.code !== 0)
    return fail({ message: `failed: ${describeExit(exit)}`, ...log.lastWords });
  return decode(bytes);
}

const unwanted: NoText = { message: 'was ended because it is no longer wanted' };

const goneMessage = 'was lost: the container engine does not answer any more';

const whyNotStarted = (failure: LaunchFailure): NoText => ({
  message: `cannot be run: ${describeLaunchFailure(failure)}`,
  ...(failure.kind === 'environment' && { reason: failure.kind }),
});

/** What it prints. Nothing when that is too much. */
async function read({ output }: Filtering, log: Log): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const { stream, bytes } of output) {
    if (stream === 'stderr') log.take(bytes);
    else {
      size += bytes.length;
      if (size > maxBytes) return undefined;
      chunks.push(bytes);
    }
  }
  return Buffer.concat(chunks);
}

function decode(bytes: Buffer): Result<string, NoText> {
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return fail({ message: 'printed what is not UTF-8' });
  }
}

/** More of a line is not needed to understand it. */
const longestLine = 10_000;

/** Its standard error, line by line and fit to be shown. */
class Log {
  readonly #said: (line: string) => void;
  readonly #cleaner = new Cleaner(false);
  #partial = '';
  #last = '';

  constructor(said: (line: string) => void) {
    this.#said = said;
  }

  take(bytes: Buffer): void {
    this.#add(this.#cleaner.take(bytes));
  }

  end(): void {
    const rest = this.#cleaner.rest();
    this.#add(rest === '' && this.#partial === '' ? '' : `${rest}\n`);
  }

  /** As a hint. */
  get lastWords(): Pick<NoText, 'hint'> {
    return this.#last === '' ? {} : { hint: `its last words: ${this.#last}` };
  }

  #add(text: string): void {
    const lines = (this.#partial + text).split('\n');
    this.#partial = (lines.pop() ?? '').slice(0, longestLine);
    for (const line of lines) {
      this.#said(line.slice(0, longestLine));
      if (line.trim() !== '') this.#last = line.trim().slice(0, 200);
    }
  }
}
