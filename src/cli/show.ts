import { jsonVoice, silentVoice, textVoice } from './chain-voice.ts';
import { reporterFor } from './terminal/choose.ts';
import { lookOf } from './terminal/color.ts';
import { openPort, send } from './terminal/port.ts';

import type { ChainVoice } from './chain-voice.ts';
import type { Desk } from './terminal/desk.ts';
import type { Format } from './terminal/choose.ts';
import type { ColorFlags } from './terminal/color.ts';
import type { OutputPort } from './terminal/port.ts';
import type { Reporter } from './terminal/reporter.ts';
import type { Veil } from './veil.ts';
import type { World } from './world.ts';

/** How a chain and its runs are shown. */
export interface Show {
  /** For one run. */
  reporter(): Reporter;
  readonly voice: ChainVoice;
}

/** Where the containers' output goes besides the console. */
export interface Logging {
  readonly mode: 'console' | 'file' | 'files';
  /** The name of the file for everything that is not a container's. */
  readonly name?: string;
  readonly path: string;
}

export interface ShowFlags extends ColorFlags {
  readonly format?: Format;
  readonly silent?: boolean;
}

/** What `continuo exec` shows. */
export function ourShow(flags: ShowFlags, world: World, desk: Desk): Show {
  if (flags.silent === true) return { reporter: () => silentReporter, voice: silentVoice };
  const { stdout: stream, env } = world;
  const { format = 'auto' } = flags;
  return {
    reporter: () => reporterFor({ format, stream, env, flags, desk }),
    voice:
      format === 'json'
        ? jsonVoice(() => Date.now())
        : textVoice(lookOf(flags, env, stream.isTTY === true)),
  };
}

// Whoever asks for a record has all of the journal read again.
const silentReporter: Reporter = { run: () => Promise.resolve() };

/**
 * Standard output of a chain: one thing is shown after the other, while what they are about goes on.
 */
export class ShowQueue {
  #last = Promise.resolve();
  readonly #port: OutputPort;
  readonly #veil: Veil;

  constructor({ stdout, veil }: Pick<World, 'stdout' | 'veil'>) {
    // Every run of a chain has a reporter of its own that listens.
    stdout.setMaxListeners(0);
    this.#port = openPort(stdout);
    this.#veil = veil;
  }

  /** Settles once this and everything before it is shown; `work` must not reject. */
  show(work: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(work);
    return this.#last;
  }

  say(text: string): Promise<void> {
    if (text === '') return this.#last;
    return this.show(() => send(this.#port, this.#veil.text(text)));
  }
}
