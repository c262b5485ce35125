import { outcomeOf } from './chain.ts';
import { silentVoice } from './chain-voice.ts';
import { exitCode, exitCodeOfSignal } from './exit-code.ts';
import { Interruption } from './interruption.ts';

import type { Link, LinkEnd } from './chain.ts';
import type { ChainVoice } from './chain-voice.ts';
import type { ShowQueue } from './show.ts';

/** What a chain is carried out by. */
export interface ChainParts {
  readonly voice: ChainVoice;
  readonly queue: ShowQueue;
  /** Asks for the end of everything but the teardown, which has one of its own. */
  readonly interruption: Interruption;
  /** Runs a file, and answers the exit code of that. */
  readonly carryOut: (link: Link, turn: Turn) => Promise<number>;
}

/** The turn of one file. */
export interface Turn {
  readonly interruption: Interruption;
  /** See `RunParts.leave`. */
  readonly leave: (signal: string) => void;
}

/**
 * Carries out the files of a chain up to the first that does not succeed, and then, whatever
 * happened, the teardown. Answers the exit code of the first failure. `wrong` has the exit codes of files
 * that are known beforehand to be of no use: then nothing but the teardown runs.
 */
export async function runChain(
  links: readonly Link[],
  wrong: ReadonlyMap<Link, number>,
  { queue, interruption, carryOut, ...parts }: ChainParts,
): Promise<number> {
  const voice = links.length > 1 ? parts.voice : silentVoice;
  const since = performance.now();
  const ends: LinkEnd[] = [];
  using own = new DisposableStack();
  let asked = interruption;
  let [failure = exitCode.ok] = wrong.values();
  for (const [index, link] of links.entries()) {
    failure = failure === exitCode.ok ? codeOf(interruption) : failure;
    const isTeardown = link.role === 'teardown';
    const wrongCode = wrong.get(link);
    if (wrongCode !== undefined || (failure !== exitCode.ok && !isTeardown)) {
      const outcome = wrongCode === undefined ? 'skipped' : outcomeOf(wrongCode);
      ends.push({ link, outcome });
      if (outcome === 'skipped') void queue.say(voice.skipped(link, index, links.length));
      continue;
    }
    // What asked for the end of the others does not ask for the end of this.
    if (isTeardown) asked = own.use(new Interruption());
    void queue.say(voice.next(link, index, links.length));
    const isLast = !links.slice(index + 1).some(({ role }) => role === 'teardown');
    const before = failure;
    const code = await carryOut(link, {
      interruption: asked,
      leave: (signal) => {
        if (isLast) process.exit(before === exitCode.ok ? exitCodeOfSignal(signal) : before);
      },
    });
    ends.push({ link, outcome: outcomeOf(code) });
    if (failure === exitCode.ok) failure = code;
  }
  const by = failure > 128 ? (interruption.by ?? asked.by) : undefined;
  void queue.say(voice.ended(ends, performance.now() - since, by));
  // There is nothing left to do but to be read.
  using _impatience = interruption.hear(() => process.exit(failure));
  await queue.say('');
  return failure;
}

const codeOf = ({ by }: Interruption): number =>
  by === undefined ? exitCode.ok : exitCodeOfSignal(by);
