import { systemClock } from '../../base/clock.ts';
import { lookOf, wantsLive } from './color.ts';
import { jsonReporter } from './json-reporter.ts';
import { liveReporter } from './live-reporter.ts';
import { plainReporter } from './plain-reporter.ts';
import { openPort } from './port.ts';

import type { ColorFlags, Environment } from './color.ts';
import type { Desk } from './desk.ts';
import type { TextStream } from './port.ts';
import type { Reporter } from './reporter.ts';

/** `auto` is a live picture on a terminal that can show it, and `plain` everywhere else. */
export type Format = 'auto' | 'plain' | 'json';

export interface Wish {
  readonly format: Format;
  /** Usually `process.stdout`. */
  readonly stream: TextStream;
  readonly env: Environment;
  readonly flags: ColorFlags;
  /** Where a person answers what a run asks. */
  readonly desk?: Desk;
}

/** The reporter that fits the wish and the place where it writes. */
export function reporterFor({ format, stream, env, flags, desk }: Wish): Reporter {
  const port = openPort(stream);
  const look = lookOf(flags, env, port.isTTY);
  if (format === 'json') return jsonReporter(port);
  if (format === 'plain' || !wantsLive(env, port)) return plainReporter(port, look);
  desk?.expectScreen();
  return liveReporter(port, look, systemClock, desk);
}
