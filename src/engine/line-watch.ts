import { StringDecoder } from 'node:string_decoder';

import { toPattern, whole } from './dial.ts';

import type { OutputChunk, OutputStream } from '../executor/executor.ts';
import type { ProbeAnswer } from './dial.ts';

/** What is matched of one line at the most, in characters. */
const mostCharacters = 65_536;

/**
 * The lines a service prints, as `log` probes see them: both streams, each line once it is whole, and
 * without those in which its script tells what it is about to run: `echo ready` is told before it is so.
 * Whoever asks sees the lines from then on. Costs nothing while nobody asks.
 */
export class LineWatch {
  readonly #halves = { stdout: new Half(), stderr: new Half() };
  readonly #watchers = new Set<(line: string) => void>();
  readonly #told = new Map<string, number>();
  #count = 0;
  #spoken = Promise.withResolvers<undefined>();

  /** With the lines that its script tells of itself, each of which comes once. */
  constructor(told: readonly string[] = []) {
    for (const line of told) this.#told.set(line, (this.#told.get(line) ?? 0) + 1);
  }

  /** Settles when the service prints anything, from now on. */
  get spoken(): Promise<undefined> {
    return this.#spoken.promise;
  }

  take({ stream, bytes }: OutputChunk): void {
    this.#spoken.resolve(undefined);
    this.#spoken = Promise.withResolvers();
    if (this.#watchers.size === 0) return;
    for (const line of this.#halves[stream].take(bytes))
      if (stream === 'stderr' || !this.#isTold(line)) this.#tell(line);
  }

  /** No more will come: what never got its newline is a line, too. */
  end(): void {
    for (const stream of ['stdout', 'stderr'] satisfies OutputStream[]) {
      const rest = this.#halves[stream].rest();
      if (rest !== '') this.#tell(rest);
    }
  }

  /** What can be said while nothing was found. */
  get progress(): ProbeAnswer {
    const lines = this.#count === 1 ? '1 line' : `${this.#count} lines`;
    return { passed: false, text: `not found in ${lines} so far` };
  }

  /** Settles once a line has the pattern in it, or when `signal` aborts. Watches from this call on. */
  async find(pattern: string, signal: AbortSignal): Promise<ProbeAnswer> {
    const expression = toPattern(pattern);
    const { promise, resolve } = Promise.withResolvers<ProbeAnswer>();
    const see = (line: string): void => {
      if (expression.test(line)) resolve({ passed: true, text: whole(line) });
    };
    const giveUp = (): void => resolve(this.progress);
    this.#watchers.add(see);
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) giveUp();
    const answer = await promise;
    signal.removeEventListener('abort', giveUp);
    this.#watchers.delete(see);
    return answer;
  }

  #isTold(line: string): boolean {
    const left = this.#told.get(line) ?? 0;
    if (left > 0) this.#told.set(line, left - 1);
    return left > 0;
  }

  #tell(line: string): void {
    this.#count += 1;
    for (const see of this.#watchers) see(line);
  }
}

/** One stream, cut into lines. */
class Half {
  readonly #decoder = new StringDecoder('utf8');
  #partial = '';

  take(bytes: Buffer): string[] {
    const lines = (this.#partial + this.#decoder.write(bytes)).split('\n');
    this.#partial = (lines.pop() ?? '').slice(0, mostCharacters);
    return lines.map((line) => line.slice(0, mostCharacters));
  }

  rest(): string {
    return this.#partial + this.#decoder.end();
  }
}
